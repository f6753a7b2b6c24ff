"""The order in which the schema wants a payslip's elements (payroll-schema-pit4.xsd)."""

PAYSLIP = (
    "LineItemID",
    "PreviousLineItemID",
    "EmployeeID",
    "EmployerReference",
    "Name",
    "Address",
    "DateOfBirth",
    "StartDate",
    "LeaveDate",
    "Director",
    "ShadowPayroll",
    "PayFrequency",
    "PayPeriod",
    "NumberOfPayPeriods",
    "RPNNumber",
    "TaxCredits",
    "TaxRate",
    "IncomeTaxCalculationBasis",
    "ExclusionOrder",
    "PayDate",
    "GrossPay",
    "PayForIncomeTax",
    "IncomeTaxPaid",
    "PayForEmployeePRSI",
    "PayForEmployerPRSI",
    "PRSIExempt",
    "PRSIExemptionReason",
    "PRSIClassDetail",
    "EmployeePRSIPaid",
    "EmployerPRSIPaid",
    "PayForUSC",
    "USCStatus",
    "USCPaid",
    "LPTDeducted",
    "GrossMedicalInsurance",
    "ShareBasedRemuneration",
    "TaxableBenefits",
    "TaxableLumpSum",
    "NonTaxableLumpSum",
    "PensionTracingNumber",
    "EmployerRBS",
    "EmployeeRBS",
    "EmployerPRSA",
    "EmployeePRSA",
    "EmployeeRAC",
    "EmployeeAVC",
    "EmployeeASC",
    "EmployerPEPP",
    "EmployeePEPP",
    "OtherPayments",
    "SinglePensionScheme",
)
INNER = ("EmployeePPSN", "EmploymentID", "FirstName", "FamilyName")
"""The order inside EmployeeID and Name."""
HEADER = ("EmployerRegistrationNumber", "AgentTain", "PayrollRunReference", "TaxYear", "SoftwareUsed")
REQUEST = ("SubmissionID", "BatchReference", "Header", "Payslip", "LineItemIDToDelete")
ORDER = (*PAYSLIP, *INNER, *HEADER, *REQUEST)


def before(name: str) -> frozenset[str]:
    """The elements that stand before one of that name; none for a name the schema does not have."""
    return frozenset(ORDER[: ORDER.index(name)]) if name in ORDER else frozenset()

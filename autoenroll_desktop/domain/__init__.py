"""The words of the product: money, dates, identifiers, pay runs, AEPNs, findings and verdicts. No files, no Qt."""

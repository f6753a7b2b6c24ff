"""AutoEnroll Desktop: the check an Irish payroll office runs before 18:30 on pay day."""

__version__ = "0.1.0"

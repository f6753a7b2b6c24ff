"""Selling licences through Stripe: plans, checkout, the webhook inbox, and what an office is entitled to."""

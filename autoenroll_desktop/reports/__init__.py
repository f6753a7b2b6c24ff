"""What is written down about a checked run: text, JSON and the PDF report."""

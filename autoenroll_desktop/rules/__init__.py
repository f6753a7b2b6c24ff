"""The law: dated values with their sources (`parameters/`), and the rules that read a pay run through them."""

"""The law of a claim: figures read from data with their date in force, and the arithmetic the articles prescribe."""

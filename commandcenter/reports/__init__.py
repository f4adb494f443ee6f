"""Documents that leave the house: slips as PDF and DOCX."""

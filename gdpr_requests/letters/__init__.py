"""Letters to people about their rights (Art. 12 to 21) and to recipients of their data (Art. 19).

`kinds` says what each kind may hold, `defaults` holds the shipped wordings, `text` fills them, `facts` gathers what
they are filled with, `document` makes them a PDF, `delivery` hands them to the mail server, `duty` sees to Art. 14.
"""

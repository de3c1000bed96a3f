"""Reading what people bring: files in, typed rows out. Nothing here touches the database.

`detect` says what a file is, `table` opens CSV and XLSX, `columns` guesses what a column means, `rows` turns a row
into a `ParsedContact`, `vcard` does the same for cards, and `eml` reads one e-mail. Whatever is wrong with a file is an
`ImportProblem`; no value is ever dropped: what has no field of its own becomes a labelled note.
"""

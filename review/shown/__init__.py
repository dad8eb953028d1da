"""A report in words: as a comment, as a page, as files. Made from the report's values alone.

The words need nothing but the standard library, so that a job which may write a comment can make it
anew from the values, and trusts no text that a pull request could have written.
"""

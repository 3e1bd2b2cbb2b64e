"""Answers that are gathered from several services. A new section is a row of the view's SECTIONS or PARTS."""

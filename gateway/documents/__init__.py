"""Documents from the templates of companies: their variables, and rendering to HTML and PDF in a process of its own."""

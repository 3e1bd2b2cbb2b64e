"""The database: companies' views of collections, transactions, indexes, versions, series of numbers, cached rows."""

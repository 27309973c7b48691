module a

replace b => ./b

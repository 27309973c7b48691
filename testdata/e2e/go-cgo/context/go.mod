module example.com/mathd

go 1.19

module example.com/host

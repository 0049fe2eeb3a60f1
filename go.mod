module lookback

go 1.26.0

godebug zipinsecurepath=0

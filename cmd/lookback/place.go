package main

import (
	"errors"
	"path/filepath"
)

// errNoPlace: nothing says where the user keeps things.
var errNoPlace = &hintError{errors.New("no place for the store is known, because the home folder is not set"),
	"name a file for it with --db, for example --db lookback.db"}

// defaultDB is where the store lies when --db does not say. home is the
// user's home folder, empty where it is not known.
func defaultDB(goos string, getenv func(string) string, home string) (string, error) {
	dir := ""
	switch goos {
	case "windows":
		dir = getenv("LocalAppData")
		if dir == "" && home != "" {
			dir = filepath.Join(home, "AppData", "Local")
		}
	case "darwin":
		if home != "" {
			dir = filepath.Join(home, "Library", "Application Support")
		}
	default:
		// A relative path must be ignored, says the XDG specification.
		if xdg := getenv("XDG_DATA_HOME"); filepath.IsAbs(xdg) {
			dir = xdg
		} else if home != "" {
			dir = filepath.Join(home, ".local", "share")
		}
	}
	if dir == "" {
		return "", errNoPlace
	}
	return filepath.Join(dir, "lookback", "lookback.db"), nil
}

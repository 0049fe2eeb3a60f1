package main

import (
	"fmt"
	"io"
	"os"
)

// console is how the program's window came about.
type console struct {
	processes int  // that write to the window, this one among them; 0 where there is no telling
	typed     bool // a person sits before the window
}

// closesAtOnce says whether the window would close before anybody has read
// what is in it: somebody clicked on the program or dropped a file on it. A
// command, by whatever it was started, is never held up.
func (c console) closesAtOnce(args []string) bool {
	if c.processes != 1 || !c.typed {
		return false // a shell is there, too, and keeps the window open
	}
	if len(args) == 0 {
		return true
	}
	_, err := os.Stat(args[0])
	return err == nil && len(args) == 1
}

// stayOpen waits for Enter.
func stayOpen(in io.Reader, out io.Writer) {
	fmt.Fprint(out, "\nPress Enter to close this window.")
	for b := make([]byte, 1); ; {
		if n, err := in.Read(b); err != nil || n == 1 && b[0] == '\n' {
			return
		}
	}
}

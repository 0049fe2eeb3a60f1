package main

import (
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// run runs a program of the image: in its root, as its user and with no
// network but for root, who alone may arrange that; else where it lies.
func (b *builder) run(user, name string, args ...string) (string, error) {
	b.t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env, cmd.Dir = b.env, b.work
	if os.Geteuid() == 0 {
		uid, gid := ids(b.t, user)
		cmd.SysProcAttr = &syscall.SysProcAttr{
			Chroot: b.root, Cloneflags: syscall.CLONE_NEWNET,
			Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)},
		}
		out, err := cmd.CombinedOutput()
		if len(out) > 0 || err == nil || !os.IsPermission(err) {
			return string(out), err
		}
	}
	inRoot := strings.NewReplacer("=/", "="+b.root+"/")
	for i, a := range args {
		if strings.HasPrefix(a, "/") {
			args[i] = b.under(a)
		}
	}
	cmd = exec.Command(b.under(name), args...)
	cmd.Dir = b.under(".")
	for _, e := range b.env {
		cmd.Env = append(cmd.Env, inRoot.Replace(e))
	}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

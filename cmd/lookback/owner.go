package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"lookback/importer"
	"lookback/importer/all"
	"lookback/report"
	"lookback/store"
)

// refuse says why an archive must not be read because of whose it is: it
// belongs to nobody whom --account names or, without that, to another
// account of a platform of which the store has one. A store without an
// account of the platform takes any. Exports of Instagram hold the account of
// Threads too, so that each account in an archive is looked at.
func (in *intake) refuse(ctx context.Context, group []string, a store.Archive, platforms []string) error {
	known, err := in.s.Accounts(ctx)
	if err != nil {
		return err
	}
	known = slices.DeleteFunc(known, func(k store.Account) bool { return !slices.Contains(platforms, k.Platform) })
	if len(in.o.accounts) == 0 && len(known) == 0 {
		return nil
	}
	owners, err := in.probe(ctx, group)
	if err != nil && len(owners) == 0 {
		if len(in.o.accounts) == 0 && ctx.Err() == nil {
			return nil // reading it says what is wrong
		}
		return err
	}
	for _, owner := range owners {
		if err := in.mayRead(a.Name, owner, known); err != nil {
			return err
		}
	}
	return nil
}

// mayRead refuses the archive of an account that --account does not name, or
// that is not the store's.
func (in *intake) mayRead(name string, owner store.Account, known []store.Account) error {
	if in.o.asks(owner.Platform) {
		return in.o.insists(name, owner)
	}
	known = slices.DeleteFunc(slices.Clone(known), func(k store.Account) bool { return k.Platform != owner.Platform })
	if len(known) == 0 || severalEach[owner.Platform] ||
		slices.ContainsFunc(known, func(k store.Account) bool { return mayBeOne(k, owner) }) {
		return nil
	}
	return stranger(name, owner, known)
}

// severalEach are platforms where one person's exports are of several
// accounts as a matter of course: each blog and each server has its own.
var severalEach = map[string]bool{"tumblr": true, "mastodon": true, "misskey": true, "pixelfed": true}

// platformOf is the platform of the accounts that an importer tells of.
func platformOf(name string) string {
	if name == "xapi" {
		return "x"
	}
	return name
}

// mayBeOne says whether two tellings can be of one account, as the store
// joins them: by the platform's id, by a handle had or kept, by the name
// where there is nothing else.
func mayBeOne(k, a store.Account) bool {
	switch {
	case k.NativeID != "" && a.NativeID != "":
		return k.NativeID == a.NativeID
	case k.Handle != "" && a.Handle != "":
		handles := append([]string{a.Handle}, a.Earlier...)
		return slices.ContainsFunc(append([]string{k.Handle}, k.Earlier...), func(h string) bool {
			return slices.ContainsFunc(handles, func(g string) bool { return strings.EqualFold(g, h) })
		})
	case k.Name != "" && a.Name != "":
		return strings.EqualFold(k.Name, a.Name)
	}
	return true // too little is known to say no
}

// stranger refuses an archive of somebody else, or of a second account.
func stranger(name string, owner store.Account, known []store.Account) error {
	var names []string
	for _, k := range known {
		names = append(names, accountName(k))
	}
	insist := strings.TrimPrefix(strings.TrimPrefix(accountName(owner), "@"), "account ")
	return &hintError{fmt.Errorf("%s: this is the %s archive of %s, but the store is of %s",
		name, report.PlatformName(owner.Platform), accountName(owner), strings.Join(names, " and ")),
		"if both are yours, add --account " + quoteArg(owner.Platform+":"+insist) + "; somebody else's goes into a store of its own, with --db"}
}

// asks says whether --account says anything about a platform.
func (o *importOptions) asks(platform string) bool {
	return slices.ContainsFunc(o.accounts, func(want string) bool {
		of, _ := cutPlatform(want)
		return of == "" || platform == "" || of == platform
	})
}

// insists refuses the archive of an account that --account does not name.
// Nothing named for its platform is no refusal.
func (o *importOptions) insists(name string, owner store.Account) error {
	if !o.asks(owner.Platform) || slices.ContainsFunc(o.accounts, func(want string) bool { return sameAccount(want, owner) }) {
		return nil
	}
	want := strings.Join(o.accounts, " or ")
	return &hintError{fmt.Errorf("%s: this is the archive of %s, not of %s", name, accountName(owner), want),
		"leave out --account to read it all the same, or give the archive that belongs to " + want}
}

// ownerless says that an archive did not tell whose it is when it was read,
// so that a name given now makes a difference.
func ownerless(a store.Archive) bool {
	return slices.ContainsFunc(a.Notes, func(n store.Note) bool {
		return n.Code == "owner-unknown" || n.Code == "owner-not-found"
	})
}

// owner is the account with a number of the store's.
func (in *intake) owner(ctx context.Context, id int64) (store.Account, error) {
	list, err := in.s.Accounts(ctx)
	if i := slices.IndexFunc(list, func(a store.Account) bool { return a.ID == id }); i >= 0 {
		return list[i], err
	}
	return store.Account{}, err
}

// probe says whose archive it is, one account for each platform in it, from
// what comes before its first post. It reads on a handle of its own, so that
// nothing of somebody else's archive reaches the store.
func (in *intake) probe(ctx context.Context, group []string) ([]store.Account, error) {
	a, err := importer.OpenParts(ctx, group, importer.NoMeter)
	if err != nil {
		return nil, err
	}
	defer a.Close()
	var list []importer.Importer
	for _, imp := range all.List {
		list = append(list, untilPost{imp})
	}
	var p probe
	_, err = importer.Read(ctx, a, list, importer.Options{Me: in.o.me}, &p)
	return p.accounts, err
}

// untilPost is an importer that ends at its first post.
type untilPost struct{ importer.Importer }

var errProbed = errors.New("the first post was reached")

// Import implements importer.Importer.
func (u untilPost) Import(ctx context.Context, fsys fs.FS, opts importer.Options, out importer.Sink) error {
	err := u.Importer.Import(ctx, fsys, opts, &firstPost{Sink: out})
	if errors.Is(err, errProbed) {
		return nil
	}
	return err
}

// firstPost is a sink that ends the reading at the first post.
type firstPost struct{ importer.Sink }

// Post implements importer.Sink.
func (*firstPost) Post(store.Post) error { return errProbed }

// probe is a sink that keeps whose accounts it hears of.
type probe struct{ accounts []store.Account }

// Account implements importer.Sink.
func (p *probe) Account(a store.Account) error {
	i := slices.IndexFunc(p.accounts, func(k store.Account) bool { return k.Platform == a.Platform })
	if i < 0 {
		p.accounts = append(p.accounts, a)
		return nil
	}
	merge(&p.accounts[i], a)
	return nil
}

// Post implements importer.Sink.
func (p *probe) Post(store.Post) error { return nil }

// Skip implements importer.Sink.
func (p *probe) Skip(store.Skip) error { return nil }

// Fact implements importer.Sink.
func (p *probe) Fact(importer.Fact) error { return nil }

// sameAccount says whether a is the account that was asked for: by handle,
// name or number, with or without @ and "x:" in front. Nothing asked for is
// every account, and an account that nobody knows anything of is taken.
func sameAccount(want string, a store.Account) bool {
	platform, want := cutPlatform(want)
	if platform != "" && a.Platform != "" && platform != a.Platform {
		return false
	}
	want = strings.TrimPrefix(want, "@")
	names := append([]string{a.Handle, a.Name, a.NativeID}, a.Earlier...)
	if want == "" || strings.Join(names, "") == "" {
		return true
	}
	return slices.ContainsFunc(names, func(n string) bool { return n != "" && strings.EqualFold(strings.TrimPrefix(n, "@"), want) })
}

// cutPlatform takes a platform's key off the front of an account's name.
// Some accounts' own ids have a colon too.
func cutPlatform(want string) (platform, rest string) {
	of, rest, ok := strings.Cut(want, ":")
	of = strings.ToLower(of)
	if ok && slices.ContainsFunc(all.List, func(i importer.Importer) bool { return i.Name() == of }) {
		return of, rest
	}
	return "", want
}

// accountName is how people know an account.
func accountName(a store.Account) string {
	switch {
	case strings.ContainsAny(a.Handle, " #"): // a chat's or an old Discord name
		return report.SafeLine(cmp.Or(a.Name, a.Handle))
	case a.Handle != "":
		return "@" + report.SafeLine(a.Handle)
	case a.Name != "":
		return report.SafeLine(a.Name)
	case a.NativeID != "":
		return "account " + report.SafeLine(a.NativeID)
	}
	return "an account without a name"
}

// accountOn is an account with its platform.
func accountOn(a store.Account, importer string) string {
	platform := report.PlatformName(cmp.Or(a.Platform, platformOf(importer)))
	if a.NativeID == "" && a.Handle == "" && a.Name == "" {
		return "an account of " + platform + " without a name"
	}
	return accountName(a) + " on " + platform
}

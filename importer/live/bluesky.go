//go:build !nonetwork

package live

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"lookback/importer"
	"lookback/importer/bluesky"
)

const (
	blueskyAPI  = "public.api.bsky.app" // answers for every account of the network
	plcHost     = "plc.directory"       // says where the identities did:plc: live
	maxRepo     = 96 << 20              // bytes of a repository: it is held in memory
	repoTimeout = 30 * time.Minute
)

const blueskyArchive = "in Bluesky open Settings, Account, Export my data, and read the file"

// readBluesky fetches the account's repository, which is all that it has
// posted, from the server that holds it, and hands it to the importer that
// reads such files.
func (r *reader) readBluesky(ctx context.Context) error {
	did := r.t.Name
	if !strings.HasPrefix(did, "did:") {
		var err error
		if did, err = r.resolveHandle(ctx); err != nil {
			return err
		}
	}
	who, err := r.identity(ctx, did)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(r.t.Name, "did:") && !who.is(r.t.Name) {
		return &importer.HintError{Err: fmt.Errorf("the account behind %s says that it has another handle", r.t.Name),
			Hint: "look up your handle in the app, under your name"}
	}
	car, err := r.repo(ctx, did, who.server)
	if err != nil {
		return err
	}
	r.sink.where, r.sink.notes = "repository", true
	r.sink.change = nil
	before := r.sink.posts
	err = bluesky.New().Import(ctx, memory{"repo.car": car}, importer.Options{Me: who.handle()}, r.sink)
	r.o.Progress.Add(int64(r.sink.posts - before))
	return err
}

// resolveHandle asks for the identity behind a handle.
func (r *reader) resolveHandle(ctx context.Context) (string, error) {
	q := request{service: "Bluesky", host: blueskyAPI, path: "/xrpc/com.atproto.identity.resolveHandle",
		query: url.Values{"handle": {r.t.Name}}, max: maxSmall}
	a, err := r.web.get(ctx, q)
	if err != nil {
		return "", err
	}
	if a.status == http.StatusBadRequest || a.status == http.StatusNotFound {
		return "", &importer.HintError{Err: fmt.Errorf("there is no account %s on Bluesky", r.t.Name),
			Hint: "write the handle in full, like me.bsky.social"}
	}
	if a.status != http.StatusOK {
		return "", unexpected(q, a)
	}
	var found struct {
		DID string `json:"did"`
	}
	if json.Unmarshal(a.body, &found) != nil || !isDID(found.DID) {
		return "", malformed(q, a)
	}
	return found.DID, nil
}

// An identity is what its document says: names, and the server of the data.
type identity struct {
	names  []string
	server string
}

func (i identity) handle() string {
	if len(i.names) == 0 {
		return ""
	}
	return i.names[0]
}

func (i identity) is(handle string) bool {
	for _, n := range i.names {
		if strings.EqualFold(n, handle) {
			return true
		}
	}
	return false
}

// identity fetches the document of a DID.
func (r *reader) identity(ctx context.Context, did string) (identity, error) {
	q := request{service: plcHost, host: plcHost, path: "/" + did, max: maxSmall}
	if host, ok := strings.CutPrefix(did, "did:web:"); ok {
		q = request{service: host, host: host, path: "/.well-known/did.json", max: maxSmall}
	}
	a, err := r.web.get(ctx, q)
	if err != nil {
		return identity{}, err
	}
	switch a.status {
	case http.StatusOK:
	case http.StatusNotFound, http.StatusGone:
		return identity{}, &importer.HintError{Err: errors.New("there is no such account any more"), Hint: "check the handle"}
	default:
		return identity{}, unexpected(q, a)
	}
	var doc struct {
		ID       string   `json:"id"`
		Names    []string `json:"alsoKnownAs"`
		Services []struct {
			ID       string `json:"id"`
			Type     string `json:"type"`
			Endpoint any    `json:"serviceEndpoint"`
		} `json:"service"`
	}
	if json.Unmarshal(a.body, &doc) != nil || doc.ID != did {
		return identity{}, malformed(q, a)
	}
	var who identity
	for _, n := range doc.Names {
		if host, err := hostName(strings.TrimPrefix(n, "at://")); err == nil && strings.HasPrefix(n, "at://") {
			who.names = append(who.names, host)
		}
	}
	for _, s := range doc.Services {
		if strings.HasSuffix(s.ID, "#atproto_pds") && s.Type == "AtprotoPersonalDataServer" {
			address, _ := s.Endpoint.(string)
			who.server, err = hostOf(address)
			if err != nil {
				return identity{}, &importer.HintError{Err: errors.New("the account's data is said to lie on something that is no public server"), Hint: blueskyArchive}
			}
			return who, nil
		}
	}
	return identity{}, &importer.HintError{Err: errors.New("the account does not say which server holds its data"), Hint: blueskyArchive}
}

// blueskyRefusals explain the errors that the protocol names.
var blueskyRefusals = map[string]string{
	"RepoNotFound":    "the server that should hold the account's data does not have it",
	"RepoTakendown":   "Bluesky has taken this account down",
	"RepoSuspended":   "Bluesky has suspended this account",
	"RepoDeactivated": "this account is deactivated: nothing of it is shown",
}

// repo fetches the repository.
func (r *reader) repo(ctx context.Context, did, server string) ([]byte, error) {
	q := request{service: server, host: server, path: "/xrpc/com.atproto.sync.getRepo", query: url.Values{"did": {did}},
		accept: "application/vnd.ipld.car", max: maxRepo, timeout: repoTimeout}
	a, err := r.web.get(ctx, q)
	switch {
	case errors.Is(err, errTooLarge):
		return nil, &importer.HintError{Err: fmt.Errorf("the account's data is larger than lookback fetches (%d MB)", maxRepo>>20), Hint: blueskyArchive}
	case err != nil:
		return nil, err
	case a.status == http.StatusOK && a.isPage():
		return nil, malformed(q, a)
	case a.status == http.StatusOK:
		return a.body, nil
	}
	var e struct {
		Error string `json:"error"`
	}
	_ = json.Unmarshal(a.body, &e) // without it the status has to do
	if what := blueskyRefusals[e.Error]; what != "" {
		return nil, &importer.HintError{Err: errors.New(what), Hint: blueskyArchive}
	}
	return nil, unexpected(q, a)
}

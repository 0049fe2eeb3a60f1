//go:build !nonetwork

package xapi

//lint:ignore SA1019 the API that it is for is no longer developed either
import "github.com/dghubble/go-twitter/twitter"

// The shapes of X's API, version 1.1. Only the types are used: nothing here
// reaches out to a network. With the build tag nonetwork the shapes are this
// package's own, so that the package with the client is not linked at all.
type (
	status = twitter.Tweet
	media  = twitter.MediaEntity
	user   = twitter.User
)

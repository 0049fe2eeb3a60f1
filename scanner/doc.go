// Package scanner reads posts and says which of them a regulator might act
// on, under which standard and why. Rules are data: packs of concepts (words,
// phrases and a few patterns) and of rules that combine concepts in a sentence
// or in a post. An Engine compiles all of them into one automaton over the
// words of a text.
//
// The package is pure: text in, findings out. It opens no network connection,
// knows no database and writes nothing but what Run hands to its Sink and
// Check to its writer. It never puts a post's text into an error.
package scanner

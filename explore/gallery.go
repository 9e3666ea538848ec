package explore

import (
	"context"
	_ "embed"
	"encoding/json"
)

// stored are counterexamples that are kept with the project, as the tests write them.
//
//go:embed gallery.json
var stored []byte

// Exhibit is a counterexample of the gallery.
type Exhibit struct {
	Name     string            `json:"name"`
	Sentence string            `json:"sentence"`
	Mixture  json.RawMessage   `json:"mixture"`
	Options  map[string]string `json:"options,omitempty"`
}

func gallery(context.Context, []byte, func(any)) (any, error) { return json.RawMessage(stored), nil }

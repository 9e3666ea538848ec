package theorems

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"contrastcheck/gmm"
)

// Stored counterexamples are mixture files named CLAIM_NUMBER-NAME.json, the
// simplest first.
//
//go:embed testdata/counterexamples/*.json
var storedFiles embed.FS

const storedFolder = "testdata/counterexamples"

// StoredCase is a counterexample that is kept with the project.
type StoredCase struct {
	Name string // the file's name, without .json
	Case Case
}

// Stored returns the counterexamples kept for a claim, the simplest first.
func Stored(id string) []StoredCase {
	entries, err := storedFiles.ReadDir(storedFolder)
	if err != nil {
		panic("theorems: " + err.Error())
	}
	var out []StoredCase
	for _, entry := range entries {
		claim, _, _ := strings.Cut(entry.Name(), "_")
		if claim != id {
			continue
		}
		text, err := storedFiles.Open(storedFolder + "/" + entry.Name())
		if err != nil {
			panic("theorems: " + err.Error())
		}
		d, err := gmm.Read(entry.Name(), text)
		if err != nil {
			panic(fmt.Sprintf("theorems: a stored counterexample is damaged: %v", err))
		}
		out = append(out, StoredCase{strings.TrimSuffix(entry.Name(), ".json"), Case{Pairs: d.Pairs, General: d.General, Paired: d.Paired}})
	}
	slices.SortFunc(out, func(a, b StoredCase) int { return strings.Compare(a.Name, b.Name) })
	return out
}

package theorems

import (
	"bytes"
	"embed"
	"fmt"
	"slices"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/oracle/proof"
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
	// Certificate proves that the case refutes the claim; nil if the file has none.
	Certificate *proof.Certificate
}

// proved returns the outcome with the certificate that is stored, if the checker accepts it.
func (s StoredCase) proved(o Outcome) Outcome {
	if s.Certificate == nil {
		return o
	}
	return o.certified(*s.Certificate)
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
		s, err := readStored(entry.Name())
		if err != nil {
			panic(fmt.Sprintf("theorems: a stored counterexample is damaged: %v", err))
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b StoredCase) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func readStored(name string) (StoredCase, error) {
	text, err := storedFiles.ReadFile(storedFolder + "/" + name)
	if err != nil {
		return StoredCase{}, err
	}
	document, err := gmm.Read(name, bytes.NewReader(text))
	if err != nil {
		return StoredCase{}, err
	}
	s := StoredCase{Name: strings.TrimSuffix(name, ".json"), Case: caseOf(document)}
	if document.Certificate == nil {
		return s, nil
	}
	certificate, err := proof.Read(name, bytes.NewReader(text))
	s.Certificate = &certificate
	if certificate.Cosine != nil {
		s.Case.Temperature = certificate.Cosine.Temperature
	}
	return s, err
}

// caseOf is the case of a mixture file, with its representations if it has them.
func caseOf(d gmm.Document) Case {
	return Case{Pairs: d.Pairs, A: d.A, Other: d.ARight}
}

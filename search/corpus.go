package search

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/internal/files"
	"contrastcheck/theorems"
)

// Corpus is a folder of distinct counterexamples, one mixture file each, named
// CLAIM_K3-d2-HASH.json. A file is in its place whole or not at all, whenever
// the process or the machine stops.
type Corpus struct {
	folder string
	known  map[string]bool // claim and hash
}

// ErrCorpus says that a folder is not one to which counterexamples can be added.
var ErrCorpus = errors.New("search: not a usable corpus")

// OpenCorpus continues the corpus in a folder, or begins one; the folder is made if
// there is none. It reads every *.json in it and fails with ErrCorpus, naming the
// file, if one is no mixture file, and if the folder can't be written to. It changes no
// file.
func OpenCorpus(folder string) (*Corpus, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrCorpus, err)
	}
	paths, err := corpusFiles(folder)
	if err != nil {
		return nil, err
	}
	c := &Corpus{folder, map[string]bool{}}
	for _, path := range paths {
		d, err := readMixture(path)
		if err != nil {
			return nil, err
		}
		claim, _, _ := strings.Cut(filepath.Base(path), "_")
		c.known[entryOf(claim, d)] = true
	}
	return c, files.Writable(filepath.Join(folder, ".probe.json"))
}

// entryOf is what may be in a corpus once: a claim and a mixture up to symmetry.
func entryOf(claim string, d gmm.Document) string { return claim + " " + hash(d) }

func hash(d gmm.Document) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(key(d))))[:12] }

// Len returns the number of distinct counterexamples in the corpus.
func (c *Corpus) Len() int { return len(c.known) }

// Add writes a counterexample to a claim unless the corpus holds it already, up to
// relabelling, rotation and reflection; a new one gets a certificate where one can be
// made before ctx ends. It returns the find, with its certificate, the file's path, and whether it is new.
func (c *Corpus) Add(ctx context.Context, claim theorems.Claim, f Find) (kept Find, path string, added bool, err error) {
	d := f.Case.Document()
	m := f.Case.Pairs.Left
	name := fmt.Sprintf("%s_K%d-d%d-%s", claim.ID, m.Components(), m.Dimension(), hash(d))
	path = filepath.Join(c.folder, name+".json")
	if c.known[entryOf(claim.ID, d)] {
		return f, path, false, nil
	}
	for n := 2; ; n++ {
		if _, err := os.Lstat(path); err != nil {
			break // no stranger's file is there
		}
		path = filepath.Join(c.folder, fmt.Sprintf("%s-%d.json", name, n))
	}
	f = f.proved(ctx, claim)
	if err := files.Write(path, f.Write); err != nil {
		return f, path, false, err
	}
	c.known[entryOf(claim.ID, d)] = true
	return f, path, true, nil
}

// Write writes a find as a mixture file, with its certificate if it has one.
func (f Find) Write(w io.Writer) error { return f.Outcome.Write(w, f.Case) }

package reports

import (
	"context"
	"fmt"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/tables"
)

// Kept is what the minimiser of the InfoNCE loss of a data set keeps of what separates its classes.
type Kept struct {
	// Reading is "raw" or "centred".
	Reading string `json:"reading"`
	// Meaning says it in words.
	Meaning          string `json:"meaning"`
	DiscriminantKept Number `json:"discriminant_kept"`
	OnlyTheMean      bool   `json:"only_the_mean"`
	// Pairs are in the order of what they keep, the worst first.
	Pairs []KeptPair `json:"pairs"`
}

// KeptPair is what becomes of the distance of two classes, in standard deviations.
type KeptPair struct {
	Names           [2]string `json:"names"`
	Mahalanobis     Number    `json:"mahalanobis"`
	MahalanobisKept Number    `json:"mahalanobis_kept"`
	Separation      Number    `json:"separation"`

	words string
}

// Worst says in words what becomes of the pair that keeps least; "" if there is none.
func (k Kept) Worst() string {
	if len(k.Pairs) == 0 {
		return ""
	}
	return "Worst pair: " + k.Pairs[0].words + "."
}

// kept solves the data set as it is and, unless its mean is 0, centred.
func (d dataset) kept(ctx context.Context) ([]Kept, error) {
	raw, classes, err := d.pairs()
	if err != nil {
		return nil, err
	}
	first, err := keptOf(ctx, "raw", raw, classes)
	if err != nil || raw.Left.Centred() {
		return []Kept{first}, err
	}
	centred, err := raw.Centre()
	if err != nil {
		return nil, err
	}
	second, err := keptOf(ctx, "centred", centred, classes)
	return []Kept{first, second}, err
}

// pairs are those of the mixture, or of that fitted to all rows, and the names of its components.
func (d dataset) pairs() (gmm.Pairs, []string, error) {
	if d.table == nil {
		return d.mixture(), d.classes, nil
	}
	table := d.table()
	m, _, err := table.Fit(table.All(), tables.Shrinkage{})
	if err != nil {
		return gmm.Pairs{}, nil, err
	}
	p, err := gmm.NewPairs(m, gmm.Rationals(1)[0])
	return p, table.Classes, err
}

func keptOf(ctx context.Context, reading string, p gmm.Pairs, classes []string) (Kept, error) {
	decision, err := losses.Decide(ctx, losses.InfoNCE, p, losses.Options{})
	if err != nil {
		return Kept{}, fmt.Errorf("what is kept, %s: %w", reading, err)
	}
	e := decision.Effects(losses.InfoNCE, losses.Options{})[0]
	k := Kept{Reading: reading, Meaning: decision.Findings.Meaning(e), DiscriminantKept: Number(e.Share()), OnlyTheMean: e.OnlyTheMean, Pairs: []KeptPair{}}
	for _, pair := range e.Pairs {
		k.Pairs = append(k.Pairs, newKeptPair(pair, classes[pair.First], classes[pair.Second]))
	}
	return k, nil
}

// newKeptPair is about two classes, which are named.
func newKeptPair(p oracle.PairEffect, first, second string) KeptPair {
	return KeptPair{[2]string{first, second}, Number(p.Mahalanobis), Number(p.Kept), Number(p.Separation), p.Words(first, second)}
}

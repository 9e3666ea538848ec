package atlas

import (
	"context"
	"fmt"
	"math/big"

	"contrastcheck/generators"
	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/theorems"

	"pgregory.net/rapid"
)

// law is a law of pairs, of which equality is asked.
type law struct {
	name string
	// stored are claims whose counterexamples are of this law.
	stored []string
	// affine are those for affine maps.
	affine []string
	draw   *rapid.Generator[*gmm.Mixture]
	delta  *rapid.Generator[*big.Rat]
}

var (
	raw     = law{"raw", []string{"equality", "negatives-equality"}, []string{"affine-equality"}, generators.Distinct(), generators.Certain()}
	centred = law{"centred", []string{"equality-centred", "negatives-equality-centred", "negatives-antitone", "sigmoid-equality-centred"}, []string{"affine-equality"}, generators.RareOutlier(), generators.Certain()}
	biased  = law{"biased", []string{"equality-biased", "distance-equality-biased"}, nil, generators.RareOutlier(), generators.Biased()}
	own     = law{"own", []string{"containment-own-covariance", "distance-envelope"}, nil, rapid.OneOf(generators.General(), generators.Tilted()), generators.Informative()}
)

// equality judges equality on the law's stored mixtures, until one refutes it, and then on random ones.
func (w law) equality(l losses.Loss, o Options) Cell {
	cell := Cell{Grade: oracle.Proved}
	stored := w.stored
	if l.Affine() {
		stored = w.affine
	}
	for _, id := range stored {
		for _, s := range theorems.Stored(id) {
			if cell.judge(l, s.Case.Pairs, s.Name) {
				return cell
			}
		}
	}
	drawn, covered := 0, 0
	for n := range o.Cases {
		seed := generators.ExampleSeed("atlas "+w.name, o.Seed, n)
		p, err := gmm.NewPairs(w.draw.Example(seed), w.delta.Example(seed))
		if err != nil || p.Uninformative() {
			continue
		}
		if cell.judge(l, p, fmt.Sprintf("random mixture %d", n+1)) {
			return cell
		}
		if drawn++; l.Theorem.Covers(p) {
			covered++
		}
	}
	switch {
	case !cell.Served:
		return Cell{}
	case drawn > 0 && covered == drawn:
		cell.Verdict, cell.Evidence = oracle.Holds, fmt.Sprintf("by theorem (%s); %s", l.Theorem.Source, cell.count())
	default:
		cell.Evidence = "no theorem and no counterexample; " + cell.count()
	}
	return cell
}

// judge adds a mixture, and tells whether it refutes.
func (c *Cell) judge(l losses.Loss, p gmm.Pairs, name string) bool {
	if l.Admit(p) != nil {
		return false
	}
	d, err := losses.Decide(context.Background(), l, p, losses.Options{})
	if err != nil {
		return false
	}
	c.Served = true
	c.Tried++
	f := d.Findings
	if f.Evidence.Own() && f.Containment() == oracle.Refuted { // what leaves S_F is not S_F
		c.Verdict, c.Grade, c.Evidence = oracle.Refuted, f.Evidence.Grade, fmt.Sprintf("%s: %s (%v)", name, f.ContainmentReason(0), f.Evidence.Grade)
		return true
	}
	switch f.Equality() {
	case oracle.Holds:
		c.Kept++
		c.Grade = min(c.Grade, f.Evidence.Grade)
	case oracle.Refuted:
		c.Verdict, c.Grade, c.Evidence = oracle.Refuted, f.Evidence.Grade, fmt.Sprintf("%s: λ_min = %.4g (%v)", name, f.Margin(), f.Evidence.Grade)
		return true
	}
	return false
}

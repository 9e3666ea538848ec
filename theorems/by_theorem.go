package theorems

import (
	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
)

// byTheorem is what theorems say of a claim about equality, and which one does.
func (c Claim) byTheorem(d gmm.Document, on Case) (verdict oracle.Verdict, name string) {
	if c.equal == nil {
		return oracle.Undecided, ""
	}
	for _, l := range c.equal(on) {
		switch settled, by := settledBy(d, l); settled {
		case oracle.Refuted:
			return settled, by
		case oracle.Undecided:
			return oracle.Undecided, ""
		default:
			verdict, name = settled, by
		}
	}
	return verdict, name
}

// settledBy is what a theorem says of equality for a loss, and which one does.
func settledBy(d gmm.Document, l losses.Loss) (oracle.Verdict, string) {
	if l.Theorem.Covers(d.Pairs) {
		return oracle.Holds, l.Theorem.Source
	}
	if l.Settings == losses.InfoNCE.Settings {
		for _, c := range All() {
			if c.Settles == oracle.Undecided {
				continue
			}
			if _, err := c.CaseOf(d, nil, 0); err == nil {
				return c.Settles, c.ID
			}
		}
	}
	return oracle.Undecided, ""
}

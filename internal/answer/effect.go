package answer

import "contrastcheck/oracle"

// Effect is what a representation keeps of what separates the components: the block of that name.
type Effect struct {
	DiscriminantKept Number       `json:"discriminant_kept"`
	OnlyTheMean      bool         `json:"only_the_mean"`
	Pairs            []PairEffect `json:"pairs"`

	Found oracle.Effect `json:"-"`
}

// PairEffect is that of a pair of components, counted from 1; Names are those of classes.
type PairEffect struct {
	Components      [2]int   `json:"components"`
	Names           []string `json:"names,omitempty"`
	Mahalanobis     Number   `json:"mahalanobis"`
	MahalanobisKept Number   `json:"mahalanobis_kept"`
	Separation      Number   `json:"separation"`
}

// newEffect writes an effect; classes are the names of the components, nil if they have none.
func newEffect(e oracle.Effect, classes []string) *Effect {
	out := &Effect{DiscriminantKept: Number(e.Share()), OnlyTheMean: e.OnlyTheMean, Pairs: []PairEffect{}, Found: e}
	for _, p := range e.Pairs {
		pair := PairEffect{[2]int{p.First + 1, p.Second + 1}, nil, Number(p.Mahalanobis), Number(p.Kept), Number(p.Separation)}
		if classes != nil {
			pair.Names = []string{classes[p.First], classes[p.Second]}
		}
		out.Pairs = append(out.Pairs, pair)
	}
	return out
}

// withEffects adds what each side keeps.
func (s *Solution) withEffects(effects []oracle.Effect, classes []string) {
	switch len(effects) {
	case 1:
		s.Effect = newEffect(effects[0], classes)
	case 2:
		s.Visual.Effect, s.Text.Effect = newEffect(effects[0], classes), newEffect(effects[1], classes)
	}
}

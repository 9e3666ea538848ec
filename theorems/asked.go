package theorems

import (
	"slices"
	"strings"

	"contrastcheck/gmm"
	"contrastcheck/losses"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof"
)

// OfMixture are the claims to be asked of a mixture: all of them, and equality for every loss that no other of them asks it of.
func OfMixture(d gmm.Document) []Claim {
	all := All()
	asked := map[string]bool{}
	for _, c := range all {
		if _, err := c.CaseOf(d, nil, 0); err != nil {
			continue
		}
		for _, label := range c.EqualityOf(d) {
			asked[label] = true
		}
		for _, l := range losses.All() {
			if c.ID == l.Name()+"-equality" {
				asked[l.Label()] = true
			}
		}
	}
	for _, l := range append(append(losses.All(), distances...), affineMaps) {
		if !asked[l.Label()] && d.Pairs.WantShared() == nil && l.Admit(d.Pairs) == nil {
			asked[l.Label()] = true
			all = append(all, equalityFor(l))
		}
	}
	return all
}

// EqualityOf are the labels of the losses whose equality the claim is about, of a mixture that it is about; none for other claims.
func (c Claim) EqualityOf(d gmm.Document) (labels []string) {
	on, err := c.CaseOf(d, nil, 0)
	if err != nil || c.equal == nil {
		return nil
	}
	for _, l := range c.equal(on) {
		labels = append(labels, l.Label())
	}
	return labels
}

// Asked are the claims to be asked of a mixture about one loss: those of the ids or, for no ids, all that there are, as OfMixture has them for InfoNCE with dot scores and infinitely many negatives. Its errors are those of Find and ErrFixed.
func Asked(d gmm.Document, l losses.Loss, ids ...string) ([]Claim, error) {
	if l.Settings == losses.InfoNCE.Settings {
		return Among(OfMixture(d), ids...)
	}
	all := ofLoss(l)
	for i, id := range ids {
		if slices.ContainsFunc(all, func(c Claim) bool { return c.ID == id }) {
			continue
		}
		found, err := Find(id) // a claim about InfoNCE, which may be one that can be asked of other losses
		if err != nil {
			return nil, err
		}
		of, err := found[0].Of(l)
		if err != nil {
			return nil, err
		}
		all = append(slices.DeleteFunc(all, func(c Claim) bool { return c.ID == of.ID }), of)
		ids = slices.Replace(slices.Clone(ids), i, i+1, of.ID)
	}
	return Among(all, ids...)
}

// Among returns the claims of the given ids, of those given, in the order of the ids; all of them for no ids. Its errors are those of Find.
func Among(all []Claim, ids ...string) ([]Claim, error) {
	if len(ids) == 0 {
		return all, nil
	}
	known, names := map[string]Claim{}, []string(nil)
	for _, c := range all {
		known[c.ID], names = c, append(names, c.ID)
	}
	var out []Claim
	for i, id := range ids {
		c, ok := known[id]
		switch {
		case slices.Contains(ids[:i], id):
			return nil, twice(id)
		case !ok:
			return nil, unknown(id, names)
		}
		out = append(out, c)
	}
	return out, nil
}

// AboutCosines are the claims about a loss of cosines, infonce or sigmoid.
func AboutCosines(loss string) []Claim {
	return slices.DeleteFunc(All(), func(c Claim) bool {
		return !c.OfCosines() || strings.HasPrefix(c.ID, "cosine-sigmoid-") != (loss == "sigmoid")
	})
}

// OfCosines tells whether the claim is about embeddings of length 1, so that a temperature matters.
func (c Claim) OfCosines() bool { return strings.HasPrefix(c.ID, "cosine-") }

// AboutNetworks are the claims about encoders with a hidden layer, and about shared encoders of any kind.
func AboutNetworks() []Claim {
	return slices.DeleteFunc(All(), func(c Claim) bool { return !strings.Contains(c.ID, "network-") && c.ID != sharedEncoderGap.ID })
}

// ofLoss are the claims about a loss: that every loss has, with the parameters of this one, those of its own, and equality.
func ofLoss(l losses.Loss) []Claim {
	all := OfEvery(l)
	for _, c := range All() {
		own := strings.HasPrefix(c.ID, l.Name()+"-") && (subject(c.ID) == l.Name() || subject(c.ID) == "") // of maps that no other claims are made of
		if own && !slices.ContainsFunc(all, func(other Claim) bool { return other.ID == c.ID }) {
			all = append(all, c)
		}
	}
	return append(all, equalityFor(l))
}

// equalityFor asks whether a loss keeps every direction of one mixture, whatever δ > 0 and the mean.
func equalityFor(l losses.Loss) Claim {
	c := Claim{
		ID:        "equality-of-" + strings.ReplaceAll(l.Label(), "/", "-"),
		Statement: "The " + l.Title + " of this mixture: Col(A*) = " + l.Subspace(), Source: "Theorem 0.1, second sentence (slides), asked of any loss, mean and δ",
		Hypotheses: "Means not all equal; δ > 0", Drawn: "Nothing: it is asked of mixtures that are given",
		Stance: Ours, Recorded: oracle.Undecided, Measure: "margin",
		Subject: Subject{Hypotheses: Hypotheses{Distinct: true}}.about(l.Admit),
	}
	if l.Settings == losses.CLIP.Settings {
		c.Statement = "The CLIP loss of this mixture: Col(M*) = S_V and Col(M*ᵀ) = S_T"
		c.Subject.Law = PairedLaw
	}
	c = c.aboutEquality(always([]losses.Loss{l}))
	s := l.Settings
	if proved, err := proof.Named(proof.Words{Loss: s.Loss, Score: s.Score, Negatives: s.Negatives, Bias: s.Bias, Map: s.Map}); err == nil {
		c = c.provedOf(proved)
	}
	return c
}

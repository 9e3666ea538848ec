package reports

import (
	"fmt"

	"contrastcheck/oracle"
)

// read words what was found of a reading.
func (s Subject) read(reading string, d decided) Reading {
	f, effects := d.Findings, d.effects
	r := Reading{Reading: reading, Remarks: []string{}, Sides: []OwnSide{}, Frontier: OwnMap{Points: []OwnPoint{}},
		Certificate: OwnCertificate{f.Evidence.Grade.String(), Number(f.Evidence.Epsilon), f.Evidence.Decided()}}
	for i, side := range f.Sides {
		r.Sides = append(r.Sides, s.side(f, i, side, effects[i]))
	}
	switch {
	case len(f.Sides) == 2:
		r.Sides[0].Modality, r.Sides[1].Modality = "visual", "text"
		r.Meaning = s.inBoth(f.Sides)
	case f.Evidence.Own():
		r.Meaning = map[oracle.Verdict]string{
			oracle.Holds:     "The optimal representation looks at nothing but the Fisher subspace of the mean covariance.",
			oracle.Refuted:   "The optimal representation looks at directions outside the Fisher subspace of the mean covariance: the covariances of the components turn it.",
			oracle.Undecided: "Whether the optimal representation looks outside the Fisher subspace of the mean covariance was not decided.",
		}[f.Containment()]
	default:
		r.Meaning = f.Meaning(effects[0])
	}
	if e := d.Envelope; f.Evidence.Own() && e != nil && e.Known() {
		of := "the envelope of S_F, the least subspace around it that every covariance maps into itself"
		switch {
		case s.Loss.Affine():
			of = "the envelope of S_c, the least subspace around it that every covariance maps into itself"
		case s.Loss.Differences():
			of = "the central subspace, which the differences of the means and of the covariances span"
		}
		r.Remarks = append(r.Remarks, fmt.Sprintf("By theorem Col(A*) lies in %s, of dimension %d.", of, e.Dimension()))
	}
	if d.against != nil {
		r.Remarks = append(r.Remarks, d.against.Sentence())
	}
	if words := f.Rounding(); words != "" {
		r.Remarks = append(r.Remarks, words)
	}
	switch {
	case s.Table == nil:
	case s.Loss.Affine():
		r.Remarks = append(r.Remarks, "With a bias in the map centring the data changes nothing: the bias takes it up.")
	case s.Loss.Differences():
		r.Remarks = append(r.Remarks, "A loss of distances sees differences only: centring the data changes nothing.")
	}
	return r
}

// side is what was found of one modality.
func (s Subject) side(f oracle.Findings, i int, side oracle.Side, e oracle.Effect) OwnSide {
	grade := f.Evidence.Grade.String()
	out := OwnSide{FisherDimension: side.Dimension, DiscriminantKept: Number(e.Share()), OnlyTheMean: e.OnlyTheMean, Pairs: []KeptPair{},
		Containment: OwnVerdict{side.Containment.String(), grade, Number(side.Defect), f.ContainmentReason(i)}}
	if !f.Evidence.Own() {
		d := OwnDirections(side.Directions)
		out.Equality, out.Directions = &OwnVerdict{side.Equality.String(), grade, Number(side.Margin), f.EqualityReason(i)}, &d
	}
	if out.DiscriminantKept.Known() {
		out.Discriminants = e.Discriminants()
	}
	for _, p := range e.Pairs {
		out.Pairs = append(out.Pairs, newKeptPair(p, s.class(p.First), s.class(p.Second)))
	}
	return out
}

// inBoth says what is kept of two modalities.
func (s Subject) inBoth(sides []oracle.Side) string {
	kept := func(side oracle.Side) string {
		if d := side.Directions; d.Undecided > 0 {
			return fmt.Sprintf("certainly %d of %d", d.Kept, side.Dimension)
		}
		return fmt.Sprintf("%d of %d", side.Directions.Kept, side.Dimension)
	}
	return fmt.Sprintf("The optimal representations keep %s directions of the visual Fisher subspace, and %s of the text one.", kept(sides[0]), kept(sides[1]))
}

// proved takes the verdict of a proof for that of equality.
func (r *Reading) proved() {
	p := r.Proof
	if p.LeftOut != "" || len(r.Sides) != 1 || r.Sides[0].Equality == nil {
		return
	}
	e := r.Sides[0].Equality
	if e.Verdict == oracle.Undecided.String() {
		r.Remarks = append(r.Remarks, "That is decided by a proof: "+p.Statement+".")
	}
	e.Verdict, e.Grade = p.Verdict, oracle.Proved.String()
}

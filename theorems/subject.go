package theorems

import (
	"errors"
	"fmt"
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
)

// ErrOutside says that a mixture does not meet a hypothesis of a claim. The errors that wrap it say which one, what was expected and what was found.
var ErrOutside = errors.New("theorems: the claim is not about this mixture")

// Subject says which mixtures a claim is about, and what a case has besides one. The zero value is any mixture with a shared covariance, at 0 < δ ≤ 1.
type Subject struct {
	Law        Law
	Hypotheses Hypotheses
	// Further are hypotheses that have no field: each returns an error that says what it expected and found, or nil.
	Further []func(gmm.Pairs) error
	// Complete gives a case what else the check asks for, whatever it has not got yet, by a seed. Nil gives it nothing.
	Complete func(*Case, uint64)
}

// Law is the law of pairs that a claim is about. The zero value is SharedLaw.
type Law int

const (
	// SharedLaw is one modality with a covariance that all components share.
	SharedLaw Law = iota
	// OwnLaw is one modality whose components have covariances of their own.
	OwnLaw
	// SingleLaw is one modality, with a shared covariance or own ones.
	SingleLaw
	// PairedLaw is two modalities with a shared covariance each.
	PairedLaw
	// AnyOwnLaw is one modality or two, of own covariances.
	AnyOwnLaw
)

// check returns an error where pairs have another law.
func (l Law) check(p gmm.Pairs) error {
	switch {
	case l == PairedLaw && p.Modalities() == 1:
		return errors.New("expected two modalities, found one")
	case l != PairedLaw && l != AnyOwnLaw && p.Modalities() == 2:
		return errors.New("expected one modality, found two")
	case (l == OwnLaw || l == AnyOwnLaw) && p.Shared():
		return errors.New("expected components with covariances of their own, found a shared one")
	case (l == SharedLaw || l == PairedLaw) && !p.Shared():
		return errors.New("expected a shared covariance, found components with their own")
	}
	return nil
}

// CaseOf returns the case on which the claim is checked where a user asks about a mixture: with the document's representations, or such as the seed determines, where the claim is about these, too. Its own seed is 0, that of
// standard parameters. A temperature of nil stands for 1. Its errors wrap ErrOutside.
func (c Claim) CaseOf(d gmm.Document, temperature *big.Rat, seed uint64) (Case, error) {
	return c.remembered(d, temperature, seed, new(memory))
}

// remembered is CaseOf with a memory, which belongs to the document.
func (c Claim) remembered(d gmm.Document, temperature *big.Rat, seed uint64, kept *memory) (Case, error) {
	on := caseOf(d)
	on.Temperature, on.asked, on.memory = temperature, true, kept
	if err := c.Subject.check(on); err != nil {
		return Case{}, fmt.Errorf("%w: %w", ErrOutside, err)
	}
	if c.Subject.Complete != nil {
		c.Subject.Complete(&on, seed)
	}
	return on, nil
}

func (s Subject) check(on Case) error {
	p := on.Pairs
	if err := s.Law.check(p); err != nil {
		return err
	}
	if err := s.Hypotheses.Check(on); err != nil {
		return err
	}
	for _, further := range s.Further {
		if err := further(p); err != nil {
			return err
		}
	}
	return nil
}

// completed is a case with what the check asks for besides the mixture, by the case's own seed.
func (s Subject) completed(on Case) Case {
	if s.Complete != nil {
		s.Complete(&on, on.Seed)
	}
	return on
}

// about is a subject of further hypotheses.
func (s Subject) about(further ...func(gmm.Pairs) error) Subject {
	s.Further = append(append([]func(gmm.Pairs) error(nil), s.Further...), further...)
	return s
}

// Hypotheses that have no field.

// onLine is dim S_F = 1.
func onLine(p gmm.Pairs) error {
	if s := p.Left.FisherDimension(); s != 1 {
		return fmt.Errorf("expected dim S_F = 1, found %d", s)
	}
	return nil
}

// inPlane is dim S_F ≤ 2.
func inPlane(p gmm.Pairs) error {
	if s := p.Left.FisherDimension(); s > 2 {
		return fmt.Errorf("expected dim S_F ≤ 2, found %d", s)
	}
	return nil
}

// besideFisher is dim S_F < d, with something in S_F.
func besideFisher(p gmm.Pairs) error {
	if s, d := p.Left.FisherDimension(), p.Left.Dimension(); s == 0 || s == d {
		return fmt.Errorf("expected 0 < dim S_F < d, found dim S_F = %d, d = %d", s, d)
	}
	return nil
}

// besideCentred is dim S_c < d.
func besideCentred(p gmm.Pairs) error {
	if s, d := p.Left.DifferenceDimension(), p.Left.Dimension(); s == d {
		return fmt.Errorf("expected dim S_c < d, found dim S_c = %d, d = %d", s, d)
	}
	return nil
}

// onCentredLine is dim S_c = 1.
func onCentredLine(p gmm.Pairs) error {
	if s := p.Left.DifferenceDimension(); s != 1 {
		return fmt.Errorf("expected dim S_c = 1, found %d", s)
	}
	return nil
}

// components is a number of components within a range.
func components(r Range) func(gmm.Pairs) error {
	return func(p gmm.Pairs) error {
		switch k := p.Components(); {
		case r.Contains(k):
		case r.Least == r.Most:
			return fmt.Errorf("expected K = %d, found %d", r.Least, k)
		default:
			return fmt.Errorf("expected K ≥ %d, found %d", r.Least, k)
		}
		return nil
	}
}

// severalComponents is K ≥ 2.
var severalComponents = components(Range{2, 1 << 30})

// small is d ≤ 4: what is checked of claims where each dimension multiplies the work.
func small(p gmm.Pairs) error {
	const most = 4
	if d := p.Left.Dimension(); d > most {
		return fmt.Errorf("expected d ≤ %d, beyond which a check takes minutes, found %d", most, d)
	}
	return nil
}

// unlike are components that are not all equal, covariances included.
func unlike(p gmm.Pairs) error {
	if different(p.Left) {
		return nil
	}
	return errors.New("expected components that differ, found equal ones")
}

// cancelling is E[Qx | Px] = 0.
func cancelling(p gmm.Pairs) error {
	if p.Left.GroupCondition() {
		return nil
	}
	return errors.New("expected couplings that cancel within groups of components, E[Qx | Px] = 0, found others")
}

// isotropic is Σ = σ²I.
func isotropic(p gmm.Pairs) error {
	if spherical(p.Left) {
		return nil
	}
	return errors.New("expected Σ = σ²I, found another covariance")
}

// orthogonalMeans is Bμ̄ = 0 ≠ μ̄.
func orthogonalMeans(p gmm.Pairs) error {
	switch m := p.Left; {
	case m.OrthogonalMean():
		return nil
	case m.Centred():
		return errors.New("expected Bμ̄ = 0 ≠ μ̄ (whitened), found μ̄ = 0")
	default:
		return fmt.Errorf("expected Bμ̄ = 0 ≠ μ̄ (whitened), found a cosine of %.3g between μ̄ and a μ_k − μ̄", oracle.MeanCosine(m))
	}
}

// obliqueMean is not Bμ̄ = 0 ≠ μ̄.
func obliqueMean(p gmm.Pairs) error {
	if p.Left.OrthogonalMean() {
		return errors.New("expected not Bμ̄ = 0 ≠ μ̄ (whitened), found just that")
	}
	return nil
}

// weak is δ < δ₀.
func weak(p gmm.Pairs) error {
	bound, err := oracle.WeakDelta(p.Left)
	if err != nil {
		return fmt.Errorf("expected 0 < δ < δ₀, found no δ₀: %s", undecided(err).Detail)
	}
	if delta := p.ExactDelta(); delta.Cmp(new(big.Rat).SetFloat64(bound)) >= 0 {
		return fmt.Errorf("expected δ < δ₀ = %.4g, found δ = %s", bound, gmm.FormatNumber(delta))
	}
	return nil
}

// symmetricTwo are two equally likely components with independent means of equal Mahalanobis norm.
func symmetricTwo(p gmm.Pairs) error {
	m := p.Left
	if k, s := m.Components(), m.FisherDimension(); k != 2 || s != 2 {
		return fmt.Errorf("expected K = 2 and independent means, found K = %d and dim S_F = %d", k, s)
	}
	if w := m.Exact().Weights; w[0].Cmp(w[1]) != 0 {
		return errors.New("expected equal weights, found others")
	}
	if g := m.ExactGram(); g[0][0].Cmp(g[1][1]) != 0 {
		return errors.New("expected means of equal Mahalanobis norm, found others")
	}
	return nil
}

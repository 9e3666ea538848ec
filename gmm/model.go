package gmm

// Model describes the law of the pairs in the words of error messages.
func (p Pairs) Model() string {
	switch {
	case p.Modalities() == 2:
		return "a paired mixture of two modalities"
	case !p.Shared():
		return "a mixture with one covariance for each component"
	}
	return SharedModel
}

// SharedModel is the Model that WantSingle wants.
const SharedModel = "a single mixture with one covariance shared by all components"

// What follows refuses, with an InputError of reason ErrOtherModel, pairs that a theory does not speak of.

// WantOneModality refuses pairs of two modalities.
func (p Pairs) WantOneModality() error {
	if p.Modalities() == 1 {
		return nil
	}
	return &InputError{Key: "visual", Expected: "a single mixture", Found: "a paired file", Reason: ErrOtherModel}
}

// WantShared refuses components with covariances of their own.
func (p Pairs) WantShared() error {
	if err := p.Left.WantShared(); err != nil {
		return err
	}
	return p.Right.WantShared()
}

// WantShared refuses components with covariances of their own.
func (m *Mixture) WantShared() error {
	if m.Shared() {
		return nil
	}
	return notShared()
}

func notShared() error {
	return &InputError{Key: "covariance", Expected: "one covariance shared by all components",
		Found: "one for each component", Reason: ErrOtherModel}
}

// WantSingle refuses all but one modality with a covariance that its components share.
func (p Pairs) WantSingle() error {
	if err := p.WantOneModality(); err != nil {
		return err
	}
	return p.WantShared()
}

// WantCertain refuses all but pairs that share their component, δ = 1, of shared covariances.
func (p Pairs) WantCertain() error {
	if !p.delta.IsInt() || p.delta.Sign() == 0 {
		return &InputError{Key: "delta", Expected: "pairs that always share their component, delta = 1", Found: FormatNumber(p.delta), Reason: ErrOtherModel}
	}
	return p.WantShared()
}

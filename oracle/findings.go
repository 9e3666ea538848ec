package oracle

import (
	"math"

	"contrastcheck/gmm"
)

// Candidates are matrices, of any origin, that are judged for minimisers.
type Candidates struct {
	// Free is one for the minimiser over all matrices, in one modality over all symmetric ones. Constrained
	// is one over M ⪰ 0 in one modality; without a frame it is Free. Inside is the best with Col(M) in the
	// Fisher subspace, which own covariances need, in the place of Free; both in frames of all d dimensions.
	Free, Constrained, Inside gmm.Form
	// Claimed is the bound of the distance of Free to the minimiser that its finder claims, and ClaimedConstrained that of Constrained; they are used only
	// where the grade is Estimated. Zero claims that nothing is off, with which no gradient agrees.
	Claimed, ClaimedConstrained float64
	// Linear is, of affine maps, where to look for the best c first, in the columns of Free's frame, as many numbers as these; nil for c = 0. Nothing rests on it.
	Linear []float64
}

// Findings is what the oracle finds of a minimiser M* = A_L*A_R*ᵀ.
type Findings struct {
	// Sides holds one Side for each modality: of Col(A_L*), and of Col(A_R*) where there are two.
	Sides []Side
	// Spectrum holds, in one modality, the eigenvalues of the whitened M̂_u on S_F, ascending, s of them; in two the
	// singular values of the whitened M̂, descending. It is empty where nothing was computed, and for own covariances.
	Spectrum []float64
	Evidence Evidence
	// Rounded counts the directions of S_F along which the means are no longer than rounding to double precision could make them, at most RoundedLength standard
	// deviations, in one modality: they may be 0 but for that. Uncentred says that the mean of all is not exactly 0. What is found holds for the numbers as they are given.
	Rounded       int
	RoundedLength float64
	Uncentred     bool

	// Existence tells, of affine maps x ↦ Aᵀx + b only, whether a minimiser (A, b) exists. Where it is Refuted there is none, and no verdict on Col(A*): c* leaves the range of M* by at least
	// OffRange − OffRangeError > 0, whitened. Where it is Undecided equality is, too.
	Existence               Verdict
	OffRange, OffRangeError float64

	seen *point // Candidates.Free as it was judged; nil where it was not
}

// Side is what the oracle finds of one side, beside the Fisher subspace S_F of its mixture.
type Side struct {
	// Dimension is s = dim S_F.
	Dimension int
	// Containment says whether Col(A*) ⊆ S_F. Defect is (‖QM̂‖ + b)/‖M̂‖ with Q
	// the projector off S_F and b the bound of ‖M̂ − M*‖, whitened; 0 where
	// ByConstruction says that the form lies in S_F because of how it is written, +Inf where nothing is known.
	Containment Verdict
	Defect      float64
	// DefectError is the part b/‖M̂‖ of Defect, the bound alone.
	DefectError    float64
	ByConstruction bool
	// Equality says whether Col(A*) = S_F. In one modality that is λ_min(M_u|S_F) > 0; Margin is that eigenvalue. In
	// two it is rank M* = s; Margin is the singular value of M̂ at that place, 0 beyond the last. NaN if s = 0 or nothing was
	// computed. For own covariances equality is judged only where S_F is everything; else Margin is negative where containment
	// is refuted: the smaller of SlopeError − Slope and Curvature + CurvatureError.
	Equality Verdict
	Margin   float64
	// Slope, of own covariances only, is ‖Q∇f(M_in)P‖_F, known to ±SlopeError, M_in being the best matrix inside
	// S_F, P the projector on S_F and Q = I − P; where M_in is not known to be positive
	// definite on S_F, ‖Q∇f(M_in)M_in‖_F/‖M_in‖_F. Either must vanish if M* lies in S_F.
	Slope, SlopeError float64
	// Curvature, of own covariances only, is the smallest eigenvalue of ∇f(M_in), whitened, known to ±CurvatureError: it must not be negative if M* lies in S_F.
	Curvature, CurvatureError float64
	// Invariant tells that of own covariances containment holds because every Σ_k maps S_F into itself, whitened, as where S_F is everything: that of the mixture as
	// it is given or as it is seen through its envelope, of distances through its central subspace. Grouped tells that it holds, though one does not, because E[Qx | Px] = 0.
	Invariant, Grouped bool
	// Directions counts those of S_F that M* keeps and loses; all are Undecided where equality is not judged.
	Directions Directions
}

// Containment is the verdict on all sides together.
func (f Findings) Containment() Verdict { return f.all(func(s Side) Verdict { return s.Containment }) }

// Equality is the verdict on all sides together.
func (f Findings) Equality() Verdict { return f.all(func(s Side) Verdict { return s.Equality }) }

func (f Findings) all(of func(Side) Verdict) Verdict {
	together := Holds
	for _, s := range f.Sides {
		switch v := of(s); {
		case v == Refuted:
			return Refuted
		case v == Undecided:
			together = Undecided
		}
	}
	return together
}

// Margin is the smallest of the sides' margins that are numbers; NaN if none is.
func (f Findings) Margin() float64 {
	least := math.NaN()
	for _, s := range f.Sides {
		if math.IsNaN(least) || s.Margin < least {
			least = s.Margin
		}
	}
	return least
}

// Defect is the largest of the sides' defects.
func (f Findings) Defect() float64 {
	largest := 0.0
	for _, s := range f.Sides {
		largest = math.Max(largest, s.Defect)
	}
	return largest
}

// ByConstruction tells whether every side lies in its Fisher subspace by construction.
func (f Findings) ByConstruction() bool {
	for _, s := range f.Sides {
		if !s.ByConstruction {
			return false
		}
	}
	return true
}

// unjudged is what is known of candidates before anything is computed.
func unjudged(l Loss, p gmm.Pairs, c Candidates) Findings {
	f := Findings{Evidence: Evidence{Epsilon: math.Inf(1), modalities: p.Modalities(), own: l.Own(p), power: l.metric.Power, ranked: l.rank != nil, distances: l.distances || l.affine, affine: l.affine}}
	if p.Modalities() == 2 || l.rank != nil {
		f.Evidence.Grade = Bounded
	}
	form := c.constrained()
	for i, m := range sides(p) {
		s := Side{Dimension: m.FisherDimension(), Defect: math.Inf(1), Margin: math.NaN()}
		s.Directions.Undecided = s.Dimension
		if f.Evidence.own {
			s.Margin, s.SlopeError, s.CurvatureError = math.Inf(1), math.Inf(1), math.Inf(1)
		} else if [2]bool{form.Left.Fisher, form.Right.Fisher}[i] {
			s.Containment, s.ByConstruction, s.Defect = Holds, true, 0
		}
		f.Sides = append(f.Sides, s)
	}
	return f
}

func (c Candidates) constrained() gmm.Form {
	if c.Constrained.Left.Basis == nil {
		return c.Free
	}
	return c.Constrained
}

// sides returns the mixture of each modality.
func sides(p gmm.Pairs) []*gmm.Mixture { return []*gmm.Mixture{p.Left, p.Right}[:p.Modalities()] }

// vanish is the verdict on M* = 0, decided without arithmetic by a rule.
func (f *Findings) vanish(rule string) {
	f.Evidence.Grade, f.Evidence.Epsilon, f.Evidence.Exact, f.Evidence.Rule = Bounded, 0, true, rule
	for i := range f.Sides {
		s := &f.Sides[i]
		s.Containment, s.Defect = Holds, 0
		if f.Evidence.own {
			s.Margin, s.SlopeError, s.CurvatureError = 0, 0, 0
			continue
		}
		s.Equality, s.Directions = rankVerdict(0, s.Dimension), Directions{Lost: s.Dimension}
		if s.Dimension > 0 {
			s.Margin = 0
		}
		if f.Evidence.modalities == 1 {
			f.Spectrum = make([]float64, s.Dimension)
		}
	}
}

// rankVerdict is the verdict on rank = s.
func rankVerdict(rank, s int) Verdict {
	if rank == s {
		return Holds
	}
	return Refuted
}

// contain compares what M̂ has outside a space with its size, b bounding its distance to M*, and tells
// whether that decides; that it is inside only where that is a theorem, and then within a defect > 0.
func (s *Side) contain(outside, b, size, within float64) bool {
	s.Defect, s.DefectError = (outside+b)/size, b/size
	switch {
	case within > 0 && s.Defect <= within:
		s.Containment = Holds
	case outside > b:
		s.Containment = Refuted
	default:
		return false
	}
	return true
}

// contained is the defect up to which containment holds for all purposes, unless a loss says otherwise.
const contained = 1e-8

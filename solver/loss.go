package solver

import (
	"fmt"

	"contrastcheck/gmm"
	"contrastcheck/solver/internal/dense"
	"contrastcheck/solver/term"

	"gonum.org/v1/gonum/mat"
)

// Loss is a contrastive loss, as a convex function of M.
type Loss struct {
	// Name is the word of the command line.
	Name string
	// Admits refuses laws of pairs that the loss is not one of.
	Admits func(p gmm.Pairs) error

	// pools says that own covariances enter through Σ̄ alone; integrated, that they enter one by one without a quadrature.
	pools, integrated bool
	// tilts says that at a representation of few columns it is integrated over own covariances, too.
	tilts bool
	// combines says that its scores are told apart by choices of several components, which grow as a power of their number.
	combines bool
	// rank computes the rank of M* exactly; nil, or known false, where no theorem gives it.
	rank func(p gmm.Pairs) (rank int, known bool)
	// biased says that a bias goes with M, which its one term knows.
	biased bool
	// affine says that a linear part c goes with M, which its one term knows.
	affine bool
	terms  func(l *term.Law) []term.Term
	// of returns the loss of pairs of which both sides are seen through representations.
	of func(p gmm.Pairs, left, right seen) (value, err float64, failure error)
}

// Admit refuses pairs that the loss or its terms cannot serve: laws that it is not one of, too many components, and own covariances in too many dimensions.
func (l Loss) Admit(p gmm.Pairs) error {
	if err := l.Admits(p); err != nil {
		return err
	}
	if !l.pools && !l.integrated && !p.Shared() {
		if err := checkDirections(p); err != nil {
			return err
		}
	}
	most := MostComponents
	if l.combines {
		most = mostCombined
	}
	if k := p.Components(); !l.pools && k > most {
		return fmt.Errorf("solver: expected at most %d components, found %d", most, k)
	}
	return nil
}

// mostCombined bounds K of losses that combine components.
const mostCombined = 64

// anyPairs admits every law.
func anyPairs(gmm.Pairs) error { return nil }

// Evaluates refuses pairs of which Evaluate gives no loss: laws that it is not one of and, with gmm.ErrOtherModel, own covariances that need a quadrature
// that there is none of.
func (l Loss) Evaluates(p gmm.Pairs) error {
	if err := l.Admits(p); err != nil || l.pools || l.integrated || l.tilts {
		return err
	}
	return p.WantShared()
}

// Evaluate returns the loss of the representations x ↦ A_Lᵀx and y ↦ A_Rᵀy, d_L×r and d_R×r, and
// an estimate of its error. In one modality A_R is A_L, or nil. It refuses what Evaluates does,
// and panics if the matrices do not have these shapes.
func Evaluate(l Loss, p gmm.Pairs, left, right *mat.Dense) (value, err float64, failure error) {
	if right == nil {
		right = left
	}
	if failure := l.Evaluates(p); failure != nil {
		return 0, 0, failure
	}
	_, r := left.Dims()
	if _, columns := right.Dims(); columns != r {
		panic(fmt.Sprintf("solver: representations of %d and %d columns do not go together", r, columns))
	}
	return l.of(p, seenThrough(p.Left, left), seenThrough(p.Right, right))
}

// seen is a mixture seen through a representation: r×K means and r×r covariance.
type seen = term.Projected

func seenThrough(m *gmm.Mixture, a *mat.Dense) seen {
	if d, _ := a.Dims(); d != m.Dimension() {
		panic(fmt.Sprintf("solver: a representation of %d rows does not fit dimension %d", d, m.Dimension()))
	}
	through := func(covariance mat.Matrix) *mat.Dense { return dense.Times(dense.Times(a.T(), covariance), a) }
	out := seen{Means: dense.Times(a.T(), m.Means().T()), Covariance: through(m.Covariance()), Dimension: m.Dimension()}
	if !m.Shared() {
		for k := range m.Components() {
			out.Own = append(out.Own, through(m.Own(k)))
		}
	}
	return out
}

package solver

import (
	"errors"
	"fmt"
	"math"

	"contrastcheck/gmm"
	"contrastcheck/solver/term"
)

// DonskerVaradhan is the loss whose least value is minus the mutual information bound of Donsker and Varadhan over scores xᵀMy
//
//	L(M) = −E[xᵀMx̂] + log E_{x,y independent} exp(xᵀMy),   ‖Σ_k^½MΣ_l^½‖ < 1 for all components,
//
// (x, x̂) a positive pair of one modality (Donsker and Varadhan, Comm. Pure Appl. Math. 36 (1983); Belghazi et al., ICML 2018). The logarithm is of one mean over
// both points, where InfoNCE has the mean over x of logarithms. It is infinite beyond. Own covariances are served in any number of dimensions.
var DonskerVaradhan = Loss{
	Name:       "dv",
	Admits:     gmm.Pairs.WantOneModality,
	integrated: true,
	terms:      func(l *term.Law) []term.Term { return []term.Term{term.DonskerVaradhan(l)} },
	of: func(p gmm.Pairs, left, right seen) (value, err float64, failure error) {
		if value, err = term.DonskerVaradhanOf(p.Weights(), p.LogWeights(), p.Delta(), left); math.IsInf(value, 1) {
			where := "‖AᵀΣA‖ < 1"
			if !p.Shared() {
				where = "all eigenvalues of AᵀΣ_kAAᵀΣ_lA are below 1"
			}
			failure = fmt.Errorf("%w, that is %s", ErrInfinite, where)
		}
		return value, err, failure
	},
}

// ErrInfinite says that the loss of a representation is infinite.
var ErrInfinite = errors.New("solver: expected a representation with E exp(xᵀAAᵀy) < ∞")

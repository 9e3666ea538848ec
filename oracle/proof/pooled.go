package proof

import (
	"math/big"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/proof/rational"
)

// The losses that see pairs by their second moments alone, and own covariances by their mean Σ̄. Whitened by it, with W = I + (1−δ)B and S = I + C,
//
//	spectral    −2E[xᵀMx̂] + E[(xᵀMy)²]           = −2⟨M, T_δ⟩ + tr(MSMS),   SM*S = T_δ
//	agreement   −2E[xᵀMx̂] + ½E[(xᵀMy − x̂ᵀMy)²]   = −2⟨M, T_δ⟩ + tr(MWMS),   WM*S + SM*W = 2T_δ,
//
// x and y independent in the second parts. Col(A*) lies in S_F and has the rank of T_δ as its dimension, so that no integral is needed: of spectral
// as S keeps S_F; of agreement as, with M̂ = S^½M*S^½, Ŵ = S^−½WS^−½ and T̂ likewise, M̂ = 2∫_0^∞ e^{−tŴ} T̂ e^{−tŴ} dt, which is positive
// definite on S_F if T̂ is, and that is so unless δ = 0, where T̂ = m̂m̂ᵀ, Ŵ = I − T̂, and M̂ is a multiple of T̂.
var (
	Spectral  = Loss{Words{Loss: "spectral"}, pooled("spectral")}
	Agreement = Loss{Words{Loss: "agreement"}, pooled("agreement")}
)

func pooled(title string) *kind {
	return &kind{title: title, subspace: "S_F", admits: gmm.Pairs.WantOneModality, model: "a mixture of one modality", see: independentCoordinates, exactly: coordinates.exactlyByRank}
}

// exactlyByRank compares the rank of T_δ with dim S_F.
func (x coordinates) exactlyByRank() (verdict oracle.Verdict, by Method, ok bool) {
	if factors, _ := rational.Factorise(pairMoment(x.weights, x.delta, x.c)); len(factors.Diagonal) == x.dimension() {
		return oracle.Holds, ByRank, true
	}
	return oracle.Refuted, ByRank, true
}

// independentCoordinates returns pairs with as many of the means' coordinates as determine the others, and the covariance I: ranks see no more.
func independentCoordinates(p gmm.Pairs) (gmm.Pairs, error) {
	e := p.Left.Exact()
	kept := gmm.IndependentColumns(e.Means)
	if len(kept) == 0 {
		kept = []int{0}
	}
	reduced := gmm.Exact{Name: e.Name, Weights: e.Weights, Covariance: gmm.IdentityRows(len(kept))}
	for _, mean := range e.Means {
		var row []*big.Rat
		for _, i := range kept {
			row = append(row, mean[i])
		}
		reduced.Means = append(reduced.Means, row)
	}
	m, err := gmm.NewExact(reduced)
	if err != nil {
		return gmm.Pairs{}, err
	}
	return gmm.NewPairs(m, p.ExactDelta())
}

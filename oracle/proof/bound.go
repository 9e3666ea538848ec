package proof

import (
	"math/big"

	"contrastcheck/oracle"
	"contrastcheck/oracle/interval"
)

// boundDigits is how many digits of a margin are shown.
const boundDigits = 6

// Bound writes what is proved of λ_min(M_u on S_F), whitened: it is at most this negative
// number where equality is refuted, at least this positive one where it holds. Six
// digits, rounded towards 0; "0" for a theorem decided without a margin.
func (t Theorem) Bound() string {
	double := interval.NewContext(64) // holds a float64 exactly
	digits, _ := double.FromFloat(big.NewFloat(t.Margin)).Decimal(boundDigits)
	if t.Verdict == oracle.Refuted && t.Margin > 0 {
		return "-" + digits
	}
	return digits
}

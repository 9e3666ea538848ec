package proof

import (
	"math/big"

	"contrastcheck/oracle"
	"contrastcheck/oracle/interval"
)

// Bound writes what is proved of λ_min(M_u on S_F), whitened: it is at most this negative
// number where equality is refuted, at least this positive one where it holds. Six
// digits, rounded towards 0; "" for a theorem without a margin.
func (t Theorem) Bound() string {
	if t.Margin == nil {
		return ""
	}
	const bits, digits = 64, 6
	margin := new(big.Float).SetPrec(bits).SetMode(big.ToZero).SetRat(t.Margin)
	text, _ := interval.NewContext(bits).FromFloat(margin).Decimal(digits)
	if t.Verdict == oracle.Refuted {
		return "-" + text
	}
	return text
}

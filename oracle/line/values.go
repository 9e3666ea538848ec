package line

import (
	"math/big"

	"contrastcheck/oracle/interval"
)

// Values are two bounds of a loss that have been proved: that of what reads noise is at most Outside, and that of all that sees S_F alone at least Inside, which is larger.
type Values struct{ Outside, Inside interval.Interval }

// Written are the bounds in the decimals of a certificate, which hold as they stand.
func (v Values) Written() (outside, inside string) {
	const digits = 30
	return v.Decimals(digits)
}

// Decimals are the bounds in so many decimals, which hold as they stand.
func (v Values) Decimals(digits int) (outside, inside string) {
	_, outside = v.Outside.Decimal(digits)
	inside, _ = v.Inside.Decimal(digits)
	return outside, inside
}

// Gap is a lower bound of how much lower the loss outside is.
func (v Values) Gap() *big.Rat {
	outside, _ := v.Outside.Upper().Rat(nil)
	inside, _ := v.Inside.Lower().Rat(nil)
	return inside.Sub(inside, outside)
}

package generators

import (
	"math/big"

	"contrastcheck/gmm"

	"pgregory.net/rapid"
)

var rareOutlier = Family{
	Name: "rare outlier", Draw: RareOutlier(), Simplest: "Mixture{weights 1:2:64, means (1, 1) (1, 1) (-0.046875, -0.046875), covariance identity}",
	Hard: "a centred mixture that refutes equality", Least: 0.04,
}

// RareOutlier draws three components in the plane with identity covariance:
// weights 1, 2^1 … 2^5 and 2^6 … 2^11, whole means of the two rare ones in one
// quadrant, up to 32 away, and the mean of the common one fixed by centring. Centred equality fails in
// several per cent of such draws, where ordinary centred ones hardly ever show it.
func RareOutlier() *rapid.Generator[*gmm.Mixture] { return outliers(32) }

// NearOutlier draws the same with means up to 8 away.
func NearOutlier() *rapid.Generator[*gmm.Mixture] { return outliers(8) }

// outliers draws them with the rarest mean up to so far away along either axis, and the rare one up to half as far.
func outliers(farthest int) *rapid.Generator[*gmm.Mixture] {
	return rapid.Custom(func(t *rapid.T) *gmm.Mixture {
		middle := power(rapid.IntRange(1, 5).Draw(t, "log2 of the middle weight"))
		common := power(rapid.IntRange(6, 11).Draw(t, "log2 of the common weight"))
		rarest := positive(t, farthest, "rarest mean")
		rare := positive(t, farthest/2, "rare mean")
		// w₁μ₁ + w₂μ₂ + w₃μ₃ = 0.
		rest := added(rarest, scaled(middle, rare))
		last := scaled(new(big.Rat).Neg(new(big.Rat).Inv(common)), rest)
		return build("rare outlier", []*big.Rat{big.NewRat(1, 1), middle, common}, [][]*big.Rat{rarest, rare, last}, identity(2))
	})
}

// positive draws two whole numbers from 1 to most.
func positive(t *rapid.T, most int, label string) []*big.Rat {
	draw := rapid.IntRange(1, most)
	return []*big.Rat{big.NewRat(int64(draw.Draw(t, label)), 1), big.NewRat(int64(draw.Draw(t, label)), 1)}
}

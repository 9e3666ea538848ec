package oracle

import (
	"math"

	"contrastcheck/oracle/internal/dense"
	"contrastcheck/oracle/whitened"

	"gonum.org/v1/gonum/mat"
)

// measure bounds the errors of the blocks.
func (b *blocks) measure() {
	v := b.view
	n := len(v.W)
	scatter, magnitude := v.SecondMoment(), v.Magnitude()
	var all, cross, within, coupling, shortM, lengthL, lengthS, rangeL, rangeS float64
	for i := range n {
		low, high := math.Inf(1), math.Inf(-1)
		for _, x := range v.Means.RawRowView(i) {
			low, high = min(low, x), max(high, x)
		}
		if extent, length := high-low+2*v.Errors[i], v.Lengths[i]+v.Errors[i]; b.short[i] {
			rangeS, lengthS = math.Hypot(rangeS, extent), math.Hypot(lengthS, length)
		} else {
			rangeL, lengthL = math.Hypot(rangeL, extent), math.Hypot(lengthL, length)
		}
		for j := range n {
			g := math.Abs(b.g.Matrix.At(i, j)) + b.g.Off.At(i, j)
			all = math.Hypot(all, g)
			if !b.short[i] && !b.short[j] {
				continue
			}
			cross, shortM = math.Hypot(cross, g), math.Hypot(shortM, b.m.At(i, j))
			if b.short[i] && b.short[j] {
				within = math.Hypot(within, g)
			} else {
				off := b.scatterOff(i, j, magnitude)
				coupling = math.Hypot(coupling, math.Abs(scatter.At(i, j))+off)
			}
		}
	}
	var numberS float64
	for _, short := range b.short {
		if short {
			numberS++
		}
	}
	xL, xS := math.Sqrt(lengthL*lengthL+float64(n)-numberS), math.Sqrt(lengthS*lengthS+numberS)
	x, rho := math.Hypot(xL, xS), math.Hypot(rangeL, rangeS)
	r := roundedUp * all
	k := r * rangeL * rangeL * rho * xL / 2
	b.r, b.r1, b.r2 = r, math.Inf(1), math.Inf(1)
	if k < 0.5 {
		b.r1 = roundedUp * (cross + coupling*r + r*rangeL*(rangeS*(xL*xL+xL*xS)+rangeL*lengthS*xL)/2 + k*shortM) / (1 - k)
		b.r2 = roundedUp * (within + coupling*b.r1 + rangeS*(r*rho*lengthS*x+b.r1*rangeL+r*rho*rho*(shortM+b.r1)*x)/2)
	}
	b.bound = math.Hypot(b.r, math.Hypot(b.r1/b.eta, b.r2/b.eta/b.eta))
	scaled := mat.NewDense(n, n, nil)
	scaled.Apply(func(i, j int, x float64) float64 {
		for _, at := range []int{i, j} {
			if b.short[at] {
				x /= b.eta
			}
		}
		return x
	}, b.m)
	b.signs, _ = dense.Eigen(scaled)
	b.bound += float64(16*n+16) * dense.Roundoff * mat.Norm(scaled, 2)
}

// weigh compares W^¼M̂W^¼ with its distance to W^¼M_uW^¼ where no direction is short, so that far means, long along one, are judged with the errors that each coordinate has.
func (b *blocks) weigh() {
	v := b.view
	n := len(v.W)
	scatter, magnitude := v.SecondMoment(), v.Magnitude()
	sizes := mat.NewDense(n, n, nil)
	b.defect = 0
	for i := range n {
		for j := range n {
			sizes.Set(i, j, math.Abs(b.g.Matrix.At(i, j))+b.g.Off.At(i, j))
			off := b.scatterOff(i, j, magnitude)
			if entry := scatter.At(i, j); i != j {
				off += math.Abs(entry)
			}
			b.defect = math.Hypot(b.defect, off/math.Sqrt(v.W[i]*v.W[j]))
		}
	}
	b.signs, _ = dense.Eigen(dense.Scaled(v.W, b.m, v.W, 0.25))
	b.r, b.bound = math.Inf(1), math.Inf(1)
	if b.defect < 0.5 {
		b.r = roundedUp * whitened.Mean.DualNorm(v.Mixture, sizes, v.Mixture) / whitened.Mean.Trusted(b.defect)
		b.bound = b.r + float64(16*n+16)*dense.Roundoff*max(math.Abs(b.signs[0]), math.Abs(b.signs[n-1]))*math.Sqrt(float64(n))
	}
}

// scatterOff bounds the error of entry i, j of the second moments, given those of magnitudes: by the errors of the coordinates of means and by rounding.
func (b *blocks) scatterOff(i, j int, magnitude *mat.Dense) float64 {
	v := b.view
	return v.Errors[i]*(v.Lengths[j]+v.Errors[j]) + v.Errors[j]*v.Lengths[i] + float64(len(v.W)+len(v.Weights)+8)*dense.Roundoff*magnitude.At(i, j)
}

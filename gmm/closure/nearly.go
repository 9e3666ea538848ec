package closure

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Nearly returns the dimension, to rounding, of the smallest subspace that contains the columns of u, d×n, and that every one of the operators,
// symmetric d×d, maps into itself. Entries of both may be off by the tolerance times their norms.
//
// A chain of images would lose digits at each link. But the subspace is invariant under H = Σ c_k B_k also, and so the direct sum of its parts in the
// eigenspaces of H, which for coefficients c_k at random are lines but for what all operators have in common. So parts grow
// by images among eigenspaces only, and a line that is reached is known to full precision. Eigenvectors are off by the tolerance over the gap to
// the next eigenvalue: what is as small as this makes it is taken for 0.
func Nearly(operators []*mat.SymDense, u *mat.Dense, tolerance float64) int {
	d, _ := u.Dims()
	spaces, basis := eigenspaces(operators, d, tolerance)
	images := make([]*mat.Dense, len(operators))
	for k, b := range operators {
		var half mat.Dense
		half.Mul(basis.T(), b)
		images[k] = new(mat.Dense)
		images[k].Mul(&half, basis)
		if size := mat.Norm(b, 2); size > 0 {
			images[k].Scale(1/size, images[k])
		}
	}
	var start mat.Dense
	start.Mul(basis.T(), u)
	waiting := []int{}
	for i := range spaces {
		if s := &spaces[i]; s.add(start.Slice(s.from, s.to, 0, start.RawMatrix().Cols), s.off) > 0 {
			waiting = append(waiting, i)
		}
	}
	for len(waiting) > 0 {
		at := waiting[0]
		waiting = waiting[1:]
		fresh := spaces[at].fresh
		spaces[at].fresh = nil
		if fresh == nil {
			continue
		}
		for i := range spaces {
			for _, image := range images {
				var to mat.Dense
				to.Mul(image.Slice(spaces[i].from, spaces[i].to, spaces[at].from, spaces[at].to), fresh)
				if spaces[i].add(&to, math.Max(spaces[i].off, spaces[at].off)) > 0 {
					waiting = append(waiting, i)
				}
			}
		}
	}
	dimension := 0
	for _, s := range spaces {
		dimension += s.dimension()
	}
	return dimension
}

// eigenspace is that of eigenvalues from … to − 1, which are as close as rounding may have moved them, and the part of it that is reached.
type eigenspace struct {
	from, to int
	off      float64    // what images in it are off by, at most
	reached  *mat.Dense // orthonormal columns
	fresh    *mat.Dense // those whose images are not yet taken
}

// eigenspaces returns the eigenspaces of a combination of the operators, of norm about 1, and its eigenvectors.
func eigenspaces(operators []*mat.SymDense, d int, tolerance float64) ([]eigenspace, *mat.Dense) {
	h := mat.NewSymDense(d, nil)
	for k, b := range operators {
		if size := mat.Norm(b, 2); size > 0 {
			for i := range d {
				for j := i; j < d; j++ {
					h.SetSym(i, j, h.At(i, j)+math.Sin(float64(k+1))*b.At(i, j)*math.Sqrt(float64(d))/size)
				}
			}
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(h, true) {
		panic("closure: the eigenvalues did not converge")
	}
	var basis mat.Dense
	eigen.VectorsTo(&basis)
	values := eigen.Values(nil)
	close := math.Sqrt(tolerance) // of eigenvalues whose vectors would have lost half of the digits
	var spaces []eigenspace
	for i, value := range values {
		if i == 0 || value-values[i-1] > close {
			spaces = append(spaces, eigenspace{from: i})
		}
		spaces[len(spaces)-1].to = i + 1
	}
	for i := range spaces {
		gap := math.Inf(1)
		if i > 0 {
			gap = values[spaces[i].from] - values[spaces[i].from-1]
		}
		if i+1 < len(spaces) {
			gap = math.Min(gap, values[spaces[i].to]-values[spaces[i].to-1])
		}
		spaces[i].off = tolerance * (1 + 1/gap)
	}
	return spaces, &basis
}

func (s *eigenspace) dimension() int {
	if s.reached == nil {
		return 0
	}
	_, n := s.reached.Dims()
	return n
}

// add has the part reach the columns of a, of which it takes what is smaller than off for 0, and returns by how much it grew.
func (s *eigenspace) add(a mat.Matrix, off float64) int {
	n := s.to - s.from
	if s.dimension() == n {
		return 0
	}
	rest := mat.DenseCopyOf(a)
	if s.reached != nil {
		for range 2 { // once more takes what rounding leaves
			var within, along mat.Dense
			within.Mul(s.reached.T(), rest)
			along.Mul(s.reached, &within)
			rest.Sub(rest, &along)
		}
	}
	var svd mat.SVD
	if !svd.Factorize(rest, mat.SVDThin) {
		panic("closure: the singular values did not converge")
	}
	more := 0
	for _, size := range svd.Values(nil) {
		if size > off && s.dimension()+more < n {
			more++
		}
	}
	if more == 0 {
		return 0
	}
	var left mat.Dense
	svd.UTo(&left)
	s.reached, s.fresh = joined(s.reached, left.Slice(0, n, 0, more)), joined(s.fresh, left.Slice(0, n, 0, more))
	return more
}

// joined returns the columns of both.
func joined(a *mat.Dense, b mat.Matrix) *mat.Dense {
	if a == nil {
		return mat.DenseCopyOf(b)
	}
	var out mat.Dense
	out.Augment(a, b)
	return &out
}

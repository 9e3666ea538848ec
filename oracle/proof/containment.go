package proof

import (
	"errors"
	"fmt"
	"math/big"
	"slices"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/oracle/interval"
	"contrastcheck/oracle/proof/own"
	"contrastcheck/oracle/proof/rational"
)

// containment is the property of a certificate that says whether Col(A*) ⊆ S_F.
const containment = "containment"

// Departure refutes that a minimiser lies in S_F, by the first-order condition at the best M_in = VN_inVᵀ inside S_F, of which M̂ = VNVᵀ is near. With
// Along, hᵀ∇f(M_in)VN_iny ≠ 0: A_in with A_inA_inᵀ = M_in is not stationary, as hᵀ∇f(M_in)A_in ≠ 0. Without, hᵀ∇f(M_in)h < 0: M_in + εhhᵀ, of one rank more, is better.
type Departure struct {
	Direction []*big.Rat // h, d numbers
	Along     []*big.Rat // y, s numbers; nil for a descent
	// Dual is Z, s×s, Z ⪰ 0 and ZN = 0, near Vᵀ∇f(M̂)V: what remains of that bounds the distance to M_in.
	Dual rational.Matrix
	// Low and High enclose the condition at M_in, and exclude 0.
	Low, High *big.Rat
}

// departing is the JSON object of a Departure.
type departing struct {
	Direction []string   `json:"direction"`
	Along     []string   `json:"along,omitempty"`
	Dual      [][]string `json:"dual"`
	Condition []string   `json:"condition"`
}

func (d *Departure) written() *departing {
	return &departing{formatRow(d.Direction), formatRow(d.Along), formatMatrix(d.Dual), formatRow([]*big.Rat{d.Low, d.High})}
}

func (d *departing) departure() (*Departure, error) {
	out := new(Departure)
	var failures [3]error
	out.Direction, failures[0] = parseRow(d.Direction)
	out.Along, failures[1] = parseRow(d.Along)
	condition, failure := parseRow(d.Condition)
	failures[2] = failure
	for _, row := range d.Dual {
		numbers, failure := parseRow(row)
		out.Dual, failures[2] = append(out.Dual, numbers), errors.Join(failures[2], failure)
	}
	if len(condition) != 2 {
		return nil, fmt.Errorf("a condition of %d numbers", len(condition))
	}
	out.Low, out.High = condition[0], condition[1]
	return out, errors.Join(failures[:]...)
}

// aboutContainment tells whether there are proofs of containment for the certificate's loss and pairs.
func (c Certificate) aboutContainment() bool { return OfContainment(c.Loss, c.Pairs) }

// OfContainment tells whether what is proved of a loss and pairs is containment: of InfoNCE with infinitely many negatives and dot products as scores, and components with their own covariances.
func OfContainment(l Loss, p gmm.Pairs) bool {
	return l.Words() == InfoNCE.Words() && p.WantOneModality() == nil && !p.Shared()
}

// containmentStatement is what is said of the mixture, in words.
func (c Certificate) containmentStatement() string {
	s, relation, columns := len(c.Basis), "⊆", "every rank r"
	if c.Verdict == oracle.Refuted {
		relation, columns = "⊄", fmt.Sprintf("every rank r ≥ dim S_F = %d", s)
		if c.Departure != nil && c.Departure.Along == nil {
			columns = fmt.Sprintf("every rank r > dim S_F = %d", s)
		}
	}
	return fmt.Sprintf("Col(A*) %s S_F for every InfoNCE minimiser A* of this mixture at δ = %s and %s", relation, c.Pairs.ExactDelta().RatString(), columns)
}

// ownLaw returns the exact numbers, or ErrNotProved and gmm.ErrCost.
func (l Limit) ownLaw(p gmm.Pairs) (own.Law, error) {
	pooled := p.Left.Pooled().Exact()
	if err := l.affordable(pooled); err != nil {
		return own.Law{}, err
	}
	if err := l.projecting(p.Left.Exact(), p.Left.FisherDimension(), longestRow(pooled)); err != nil {
		return own.Law{}, err
	}
	return own.NewLaw(p), nil
}

// containedExactly decides the cases in which no integral is needed.
func containedExactly(p gmm.Pairs, x own.Law) (by Method, ok bool) {
	switch {
	case !hypothesesOf(p).Informative:
		return ByZero, true
	case x.Invariant():
		return ByInvariance, true
	}
	return "", false
}

// mostOwn is the largest dim S_F for which containment is refuted.
const mostOwn = 2

// checkContainment is Check of a certificate of containment.
func (l Limit) checkContainment(c Certificate) (Theorem, error) {
	if !c.aboutContainment() {
		return Theorem{}, refused("containment of InfoNCE and a mixture whose components have their own covariances", "%s", c.Pairs.Model())
	}
	x, err := l.ownLaw(c.Pairs)
	if err != nil {
		return Theorem{}, err
	}
	theorem := Theorem{Verdict: c.Verdict, Containment: true, Dimension: len(x.Basis), Hypotheses: hypothesesOf(c.Pairs), Statement: c.statement()}
	if !slices.Equal(c.Basis, x.Basis) {
		return Theorem{}, refused("the basis %v", "%v", x.Basis, c.Basis)
	}
	by, exactly := containedExactly(c.Pairs, x)
	switch {
	case exactly && (c.Verdict != oracle.Holds || c.Departure != nil || c.Minimiser != nil || c.Precision != 0 || c.Accuracy != 0):
		return Theorem{}, refused("containment that holds, exactly", "%v, or a minimiser", c.Verdict)
	case exactly:
		theorem.By = by
		return theorem, nil
	case c.Verdict != oracle.Refuted || c.Departure == nil:
		return Theorem{}, refused("a violated condition, as the covariances couple S_F to its complement", "%v", c.Verdict)
	}
	if err := c.departureFits(x); err != nil {
		return Theorem{}, err
	}
	if err := l.integrable(len(x.Weights)); err != nil {
		return Theorem{}, err
	}
	condition, err := l.condition(x, c.Minimiser, *c.Departure, effort{c.Precision, c.Accuracy})
	if err != nil {
		return Theorem{}, err
	}
	low, high := new(big.Float).SetRat(c.Departure.Low), new(big.Float).SetRat(c.Departure.High)
	lower, _ := condition.Lower().Rat(nil)
	upper, _ := condition.Upper().Rat(nil)
	switch {
	case lower.Cmp(c.Departure.Low) < 0 || upper.Cmp(c.Departure.High) > 0:
		return Theorem{}, refused("a condition that encloses %s", "[%.6g, %.6g]", condition, low, high)
	case !c.Departure.violates():
		return Theorem{}, refused("a condition that is violated", "[%.6g, %.6g]", low, high)
	}
	theorem.By, theorem.Departure = c.Departure.method(), c.Departure
	return theorem, nil
}

// violates tells whether the enclosure excludes that the condition is met.
func (d Departure) violates() bool {
	return d.Low.Cmp(d.High) <= 0 && (d.High.Sign() < 0 || d.Along != nil && d.Low.Sign() > 0)
}

// Bounds writes Low and High in six digits, rounded outward.
func (d Departure) Bounds() (low, high string) {
	const bits, digits = 64, 6
	c := interval.NewContext(bits)
	return c.Hull(c.FromRat(d.Low), c.FromRat(d.High)).Decimal(digits)
}

func (d Departure) method() Method {
	if d.Along == nil {
		return ByDescent
	}
	return ByCoupling
}

// departureFits checks shapes and limits, and what a bound of the distance to M_in asks of N and Z.
func (c Certificate) departureFits(x own.Law) error {
	d, s := c.Pairs.Left.Dimension(), len(x.Basis)
	shape := coordinates{basis: x.Basis}
	switch {
	case s < 1 || s > mostOwn:
		return refused("dim S_F from 1 to %d", "%d", mostOwn, s)
	case shape.fits(c.Minimiser) != nil || shape.fits(c.Departure.Dual) != nil:
		return refused("symmetric %d×%d matrices", "others", s, s)
	case len(c.Departure.Direction) != d || c.Departure.Along != nil && len(c.Departure.Along) != s:
		return refused("a direction of %d numbers, and along it none or %d", "%d and %d", d, s, len(c.Departure.Direction), len(c.Departure.Along))
	case c.Witness != nil || c.Bias != nil || c.Shift != nil || c.Boundary != nil:
		return refused("no witness, bias, shift or boundary", "one")
	}
	if err := c.bounded(slices.Concat(c.Minimiser, c.Departure.Dual, [][]*big.Rat{c.Departure.Direction, c.Departure.Along, {c.Departure.Low, c.Departure.High}})); err != nil {
		return err
	}
	for _, m := range []rational.Matrix{c.Minimiser, c.Departure.Dual} {
		if _, semidefinite := rational.Factorise(m); !semidefinite {
			return refused("N ⪰ 0 and Z ⪰ 0", "a direction in which one is negative")
		}
	}
	if c.Departure.Dual.Times(c.Minimiser).Trace().Sign() != 0 {
		return refused("ZN = 0", "another product")
	}
	return nil
}

// condition encloses what a Departure says of M_in.
//
// f is c-strongly convex inside S_F and M_in minimises it there among M ⪰ 0. As M̂ ⪰ 0, Z ⪰ 0 and ZM̂ = 0, with γ = Vᵀ∇f(M̂)V,
//
//	c‖M_in − M̂‖² ≤ ⟨∇f(M_in) − ∇f(M̂), M_in − M̂⟩ ≤ −⟨∇f(M̂), M_in − M̂⟩ ≤ −⟨γ − Z, N_in − N⟩,   so ‖M_in − M̂‖ ≤ ρ = ‖γ − Z‖/c,
//
// and own.Law.Change bounds what ρ moves uᵀ∇fv by. N_iny is off Ny by Δy, ‖Δ‖ ≤ ρ, which moves hᵀ∇f(M_in)VN_iny by at most ‖hᵀ∇f(M_in)V‖ ρ ‖y‖, lengths being those
// of the metric (VᵀΣ̄V)⁻¹.
func (l Limit) condition(x own.Law, n rational.Matrix, d Departure, e effort) (interval.Interval, error) {
	c := interval.NewContext(e.precision)
	place, err := l.place(c, x, n, e)
	if err != nil {
		return interval.Interval{}, err
	}
	condition, err := departs(c, place, n, d)
	if err != nil {
		return condition, err
	}
	return condition, c.Err()
}

// place encloses the integrals.
func (l Limit) place(c *interval.Context, x own.Law, n rational.Matrix, e effort) (own.Place, error) {
	place, err := x.At(c, n, tolerance(e.accuracy), l.nodes(x))
	return place, l.unaffordable(x, err)
}

// nodes is how many a rule may have.
func (l Limit) nodes(x own.Law) float64 {
	return l.evaluations() / float64(len(x.Weights)*len(x.Weights))
}

// unaffordable says of a rule that needs more nodes what would allow it.
func (l Limit) unaffordable(x own.Law, err error) error {
	if nodes := own.Nodes(0); errors.As(err, &nodes) {
		return l.outOfReach("", float64(nodes)/l.nodes(x)*l.evaluations())
	}
	return err
}

func departs(c *interval.Context, place own.Place, n rational.Matrix, d Departure) (interval.Interval, error) {
	x, convexity := place.Law, place.Convexity()
	if convexity.Sign() == 0 {
		return interval.Interval{}, fmt.Errorf("%w: a covariance is, on S_F, too nearly singular", ErrNotProved)
	}
	inverse := rational.Inverse(x.Metric)
	rest := enclosed(place.Gamma())
	for a, row := range rest {
		for b := range row {
			row[b] = c.Sub(row[b], c.FromRat(d.Dual[a][b]))
		}
	}
	distance := c.Quo(c.FromFloat(rest.norm(c, inverse).Upper()), c.FromRat(convexity))
	radius, _ := distance.Upper().Rat(nil)
	if c.Err() != nil {
		return interval.Interval{}, c.Err()
	}
	// ‖M‖² ≤ 2‖M̂‖² + 2ρ² on the way.
	square := new(big.Rat).Add(n.SquaredNorm(x.Metric), new(big.Rat).Mul(radius, radius))
	square.Mul(square, big.NewRat(2, 1))
	near := func(u, v own.Direction) interval.Interval {
		return c.AddError(place.Slope(u, v), c.Mul(distance, x.Change(c, u, v, square)))
	}
	h := x.Outside(d.Direction)
	if d.Along == nil {
		return near(h, h), nil
	}
	condition := near(h, x.Inside(n.Apply(d.Along)))
	var pull []interval.Interval // hᵀ∇f(M_in)V
	for a := range x.Basis {
		pull = append(pull, near(h, x.Inside(rational.Unit(len(x.Basis), a))))
	}
	length := c.NewSum() // ‖·‖²
	for a, row := range inverse {
		for b, entry := range row {
			length.AddMul(c.FromRat(entry), c.Mul(pull[a], pull[b]))
		}
	}
	across := c.Mul(c.FromFloat(length.Interval().Magnitude()), c.FromRat(inverse.Form(d.Along, d.Along)))
	return c.AddError(condition, c.Mul(distance, c.Sqrt(across))), nil
}

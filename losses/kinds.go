package losses

import (
	"cmp"
	"fmt"
	"math/big"
	"strconv"

	"contrastcheck/gmm"
	"contrastcheck/oracle"
	"contrastcheck/solver"
)

// kind is a loss of a word and a score, with the parameters that it takes: a line of the registry.
type kind struct {
	word, score string
	mapping     string     // of its representations; "" stands for Linear
	negatives   counts     // how many it takes
	bias        biases     // which it takes
	margin      bool       // it has one
	unclaimed   bool       // no claims are made of it
	others      []Settings // parameters that claims about it are tested with, besides those that are standard
	of          func(x parameters) Loss
}

// maps is the map of representations.
func (k kind) maps() string { return cmp.Or(k.mapping, Linear) }

// parameters are the numbers of a loss: nil stands for infinitely many negatives, a free bias and a margin of 1.
type parameters struct{ negatives, bias, margin *big.Rat }

// kinds is the registry, the default first.
var kinds = []kind{
	{word: "infonce", score: Dot, negatives: infinite, of: func(parameters) Loss {
		return Loss{Solver: solver.InfoNCE, Oracle: oracle.InfoNCE, Title: "InfoNCE loss", Source: "van den Oord, Li and Vinyals, arXiv 1807.03748; of Gaussian mixtures arXiv 2411.03517"}
	}},
	{word: "infonce", score: Dot, negatives: several, others: numbers(1, 2, 4, 16, 64, 1024), of: func(x parameters) Loss {
		l := Loss{Solver: solver.Triplet, Oracle: oracle.Triplet, Title: "InfoNCE loss with one negative", Source: "van den Oord, Li and Vinyals, arXiv 1807.03748; one negative: Sohn, NeurIPS 2016"}
		if n := x.count(); n > 1 {
			l.Solver, l.Oracle, l.Title, l.Costly = solver.Negatives(n), oracle.Negatives(n), fmt.Sprintf("InfoNCE loss with %d negatives", n), true
		}
		return l
	}},
	{word: "clip", score: Dot, negatives: infinite, of: func(parameters) Loss {
		return Loss{Solver: solver.CLIP, Oracle: oracle.CLIP, Title: "CLIP loss", Source: "Radford et al., ICML 2021; of Gaussian mixtures arXiv 2411.03517, section 5", paired: true}
	}},
	{word: "sigmoid", score: Dot, negatives: weighted, bias: anyBias, others: sigmoids(free, "-1", "0"), of: func(x parameters) Loss {
		m, b := x.weight(), x.fixedBias()
		return Loss{Solver: solver.Sigmoid(m, solver.Bias(b)), Oracle: oracle.Sigmoid(m, oracle.Bias(b)), Title: x.titled("sigmoid loss"), Source: "SigLIP; Zhai, Mustafa, Kolesnikov and Beyer, ICCV 2023"}
	}},
	{word: "triplet", score: Dot, negatives: single, of: func(parameters) Loss {
		return Loss{Solver: solver.Triplet, Oracle: oracle.Triplet, Title: "logistic triplet loss", Source: "InfoNCE with one negative; Sohn, NeurIPS 2016"}
	}},
	{word: "hinge", score: Dot, negatives: single, margin: true, others: margins, of: func(x parameters) Loss {
		margin := x.scale()
		return Loss{Solver: solver.Hinge(margin), Oracle: oracle.Hinge(margin), Title: x.titled("hinge triplet loss"), Source: "Schroff, Kalenichenko and Philbin, CVPR 2015"}
	}},
	{word: "dv", score: Dot, negatives: infinite, of: func(parameters) Loss {
		return Loss{Solver: solver.DonskerVaradhan, Oracle: oracle.DonskerVaradhan, Title: "Donsker–Varadhan loss", Source: "Donsker and Varadhan, 1983; Belghazi et al., ICML 2018"}
	}},
	{word: "agreement", score: Dot, negatives: none, of: func(parameters) Loss {
		return Loss{Solver: solver.Agreement, Oracle: oracle.Agreement, Title: "agreement loss", Source: "a quadratic in M: both points of a pair score alike beside others",
			Theorem: Theorem{Certain: true, Biased: true, Own: true, Source: "the closed form of a quadratic"}}
	}},
	{word: "spectral", score: Dot, negatives: none, of: func(parameters) Loss {
		return Loss{Solver: solver.Spectral, Oracle: oracle.Spectral, Title: "spectral loss", Source: "HaoChen, Wei, Gaidon and Ma, NeurIPS 2021",
			Theorem: Theorem{Certain: true, Biased: true, Own: true, Source: "the closed form of a quadratic"}}
	}},
	{word: "infonce", score: Distance, negatives: infinite, of: func(parameters) Loss {
		return Loss{Solver: solver.Distance, Oracle: oracle.Distance, Title: "InfoNCE loss of distances", Source: "InfoNCE with squared distances; at δ = 1 maximally collapsing metric learning, Globerson and Roweis, NeurIPS 2005", Theorem: ofDistances}
	}},
	{word: "infonce", score: Distance, negatives: single, unclaimed: true, of: func(parameters) Loss {
		return Loss{Solver: solver.DistanceTriplet, Oracle: oracle.DistanceTriplet, Title: "InfoNCE loss of distances with 1 negative", Source: "the logistic triplet loss of distances", Theorem: ofDistances}
	}},
	{word: "sigmoid", score: Distance, negatives: weighted, bias: freeBias, others: sigmoids(free), of: func(x parameters) Loss {
		m := x.weight()
		return Loss{Solver: solver.DistanceSigmoid(m), Oracle: oracle.DistanceSigmoid(m), Title: x.titled("sigmoid loss of distances"), Source: "SigLIP with squared distances and a free bias", Theorem: ofDistances}
	}},
	{word: "triplet", score: Distance, negatives: single, of: func(parameters) Loss {
		return Loss{Solver: solver.DistanceTriplet, Oracle: oracle.DistanceTriplet, Title: "logistic triplet loss of distances", Source: "InfoNCE of distances with one negative; large-margin metric learning, Weinberger and Saul, JMLR 2009", Theorem: ofDistances}
	}},
	{word: "infonce", score: Dot, mapping: Affine, negatives: infinite, unclaimed: true, of: func(parameters) Loss {
		return Loss{Solver: solver.Affine, Oracle: oracle.Affine, Title: "InfoNCE loss of affine maps", Source: "InfoNCE with a bias vector, Aᵀx + b"}
	}},
	{word: "hinge", score: Distance, negatives: single, margin: true, unclaimed: true, of: func(x parameters) Loss {
		margin := x.scale()
		return Loss{Solver: solver.DistanceHinge(margin), Oracle: oracle.DistanceHinge(margin), Title: x.titled("hinge triplet loss of distances"), Source: "large-margin metric learning, Weinberger and Saul, JMLR 2009", Theorem: ofDistances}
	}},
}

// ofDistances is the theorem on losses of distances.
var ofDistances = Theorem{Certain: true, Source: "the first-order condition along a direction that is lost"}

// margins are some besides 1.
var margins = []Settings{{}, {Margin: "1/4"}, {Margin: "3"}}

// sigmoids are few and many negatives, with each of some biases.
func sigmoids(biases ...string) (all []Settings) {
	for _, m := range []string{"1", "4", "1/4", "64"} {
		for _, b := range biases {
			all = append(all, Settings{Negatives: m, Bias: b})
		}
	}
	return all
}

// numbers are numbers of negatives.
func numbers(negatives ...int) (all []Settings) {
	for _, n := range negatives {
		all = append(all, Settings{Negatives: strconv.Itoa(n)})
	}
	return all
}

// count is N, as the pillars take it.
func (x parameters) count() int { return int(x.negatives.Num().Int64()) }

// weight is m, as the pillars take it.
func (x parameters) weight() float64 {
	m, _ := x.negatives.Float64()
	return m
}

// scale is α, as the pillars take it.
func (x parameters) scale() float64 {
	if x.margin == nil {
		return 1
	}
	margin, _ := x.margin.Float64()
	return margin
}

// fixedBias is b, if it is given.
func (x parameters) fixedBias() (b struct {
	Fixed bool
	Value float64
}) {
	if x.bias != nil {
		b.Fixed = true
		b.Value, _ = x.bias.Float64()
	}
	return b
}

// titled is a title with what is not standard.
func (x parameters) titled(title string) string {
	if n := gmm.FormatNumber(x.negatives); n != "1" {
		title += fmt.Sprintf(" with %s negatives", n)
	}
	if x.bias != nil {
		title += ", bias " + gmm.FormatNumber(x.bias)
	}
	if x.margin != nil && gmm.FormatNumber(x.margin) != "1" {
		title += ", margin " + gmm.FormatNumber(x.margin)
	}
	return title
}

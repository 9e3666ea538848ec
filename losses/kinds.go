package losses

import (
	"math/big"

	"contrastcheck/oracle"
	"contrastcheck/solver"
)

// kind is a loss of a word and a score, with the parameters that it takes: a line of the registry.
type kind struct {
	word, score string
	negatives   counts     // how many it takes
	bias        bool       // it has one
	margin      bool       // it has one
	others      []Settings // parameters that claims about it are tested with, besides those that are standard
	of          func(x parameters) Loss
}

// parameters are the numbers of a loss: nil stands for infinitely many negatives, a free bias and a margin of 1.
type parameters struct{ negatives, bias, margin *big.Rat }

// kinds is the registry, the default first.
var kinds = []kind{
	{word: "infonce", score: Dot, negatives: infinite, of: func(parameters) Loss {
		return Loss{Solver: solver.InfoNCE, Oracle: oracle.InfoNCE, Title: "InfoNCE loss", Source: "van den Oord, Li and Vinyals, arXiv 1807.03748; of Gaussian mixtures arXiv 2411.03517"}
	}},
	{word: "clip", score: Dot, negatives: infinite, of: func(parameters) Loss {
		return Loss{Solver: solver.CLIP, Oracle: oracle.CLIP, Title: "CLIP loss", Source: "Radford et al., ICML 2021; of Gaussian mixtures arXiv 2411.03517, section 5", paired: true}
	}},
	{word: "spectral", score: Dot, negatives: none, of: func(parameters) Loss {
		return Loss{Solver: solver.Spectral, Oracle: oracle.Spectral, Title: "spectral loss", Source: "HaoChen, Wei, Gaidon and Ma, NeurIPS 2021",
			Theorem: Theorem{Certain: true, Biased: true, Own: true, Source: "the closed form of a quadratic"}}
	}},
	{word: "triplet", score: Dot, negatives: single, of: func(parameters) Loss {
		return Loss{Solver: solver.Triplet, Oracle: oracle.Triplet, Title: "logistic triplet loss", Source: "InfoNCE with one negative; Sohn, NeurIPS 2016"}
	}},
	{word: "dv", score: Dot, negatives: infinite, of: func(parameters) Loss {
		return Loss{Solver: solver.DonskerVaradhan, Oracle: oracle.DonskerVaradhan, Title: "Donsker–Varadhan loss", Source: "Donsker and Varadhan, 1983; Belghazi et al., ICML 2018"}
	}},
	{word: "agreement", score: Dot, negatives: none, of: func(parameters) Loss {
		return Loss{Solver: solver.Agreement, Oracle: oracle.Agreement, Title: "agreement loss", Source: "a quadratic in M: both points of a pair score alike beside others"}
	}},
}

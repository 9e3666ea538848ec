package solver_test

// Mixtures of the reference.
const (
	twoPoints     = `{"weights": [1, 3], "means": [[2, 0], [0, 1]], "covariance": "identity"}`
	pointsApart   = `{"weights": [1, 3], "means": [[3, 3], [1, -2]], "covariance": "identity"}`
	rareOutlier   = `{"weights": [1, 11, 420], "means": [[17, 9], [8, 3], ["-1/4", "-1/10"]], "covariance": "identity"}`
	rarer         = `{"weights": [989, 10, 1], "means": [[0, 0], [8, 3], [15, 10]], "covariance": "identity"}`
	mild          = `{"weights": [47, 1, 29], "means": [["9/4", 1], [-21, -18], ["-339/116", -1]], "covariance": "identity"}`
	symmetricPair = `{"weights": [1, 1], "means": [[1, 0], [0, 1]], "covariance": "identity"}`
	rarerCentred  = `{"weights": [989, 10, 1], "means": [["-95/1000", "-4/100"], ["7905/1000", "296/100"], ["14905/1000", "996/100"]], "covariance": "identity"}`
	threeCentred  = `{"weights": [1, 1, 1], "means": [[-2, 4], [-1, -3], [-1, -1]], "covariance": "identity"}`
)

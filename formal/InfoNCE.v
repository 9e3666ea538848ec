(* The InfoNCE loss of linear representations of a mixture of two Gaussians, by its definition. *)
From Coq Require Import Reals.
From Contrast Require Import Plane.
Open Scope R_scope.

(* F = w1 N(mu1, I) + w2 N(mu2, I) in the plane. The points of a positive pair are from one component with probability delta, else independent draws of F. *)
Record mixture := { w1 : R; w2 : R; mu1 : point; mu2 : point; delta : R }.

Definition proper (F : mixture) :=
  0 < w1 F /\ 0 < w2 F /\ w1 F + w2 F = 1 /\ 0 <= delta F <= 1.

Section loss.
(* G g is E g(z), z a standard normal point: Gaussian.v says what is asked of it. *)
Variables (F : mixture) (G : (point -> R) -> R).

(* x ~ N(m, I); x ~ F; (x, x') a positive pair. *)
Definition normal (m : point) (g : point -> R) := G (fun z => g (add m z)).
Definition draw (g : point -> R) := w1 F * normal (mu1 F) g + w2 F * normal (mu2 F) g.
Definition pair (h : point -> point -> R) :=
  delta F * (w1 F * normal (mu1 F) (fun x => normal (mu1 F) (h x)) + w2 F * normal (mu2 F) (fun x => normal (mu2 F) (h x)))
  + (1 - delta F) * draw (fun x => draw (h x)).

(* A representation x |-> A^T x: the r columns of A are A 0 ... A (r-1). The score of x and y is (A^T x).(A^T y) = x^T A A^T y. *)
Definition score (r : nat) (A : nat -> point) (x y : point) := sum r (fun j => dot (A j) x * dot (A j) y).

(* L(A) = -E[x^T A A^T x'] + E_x log E_y exp(x^T A A^T y) *)
Definition loss (r : nat) (A : nat -> point) :=
  - pair (score r A) + draw (fun x => ln (draw (fun y => exp (score r A x y)))).

Definition minimises (r : nat) (A : nat -> point) := forall B : nat -> point, loss r A <= loss r B.
End loss.

(* Col(A), and S_F = span {mu1, mu2} as Sigma = I. *)
Definition column_space (r : nat) (A : nat -> point) (x : point) :=
  exists c : nat -> R, x = (sum r (fun j => c j * fst (A j)), sum r (fun j => c j * snd (A j))).
Definition fisher_space (F : mixture) (x : point) :=
  exists a b, x = add (scale a (mu1 F)) (scale b (mu2 F)).

(* Col(A) lies in a line. *)
Definition collapsed (r : nat) (A : nat -> point) :=
  exists v, v <> (0, 0) /\ forall j, (j < r)%nat -> dot (A j) v = 0.

(* What is refuted: that Col(A) = S_F for a minimiser A. S_F is the plane; minimisers of two or more columns exist; no minimiser, of any number of columns, has more than a line. *)
Definition equality_fails (F : mixture) (G : (point -> R) -> R) :=
  (forall x, fisher_space F x) /\
  (forall r, (2 <= r)%nat -> exists A, minimises F G r A) /\
  (forall r A, minimises F G r A ->
    collapsed r A /\ ~ (forall x, column_space r A x <-> fisher_space F x)).

const x: number = 3; console.log("ts", x)

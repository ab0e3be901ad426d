// Where the contract is and where to: by the environment, for the settings of TypeScript can be said only here.
export default {
    input: process.env.CONTRACT,
    output: { path: process.env.OUT, tsConfigPath: process.env.TSCONFIG },
    plugins: ["@hey-api/client-fetch", "@hey-api/sdk", "@hey-api/typescript"],
};
